/* lint_apps.c: apps that nothing finds, that are called alike, or whose attributes disagree or do
 * not exist. */
#include "signature/lint/lint_checks.h"

#include "signature/load.h"
#include "signature/set.h"

#include <stdlib.h>

static struct lint_place place_of(const struct lint *l, const struct app *app)
{
    return l->app_places[text_map_find(&l->app_ids, slice_of_string(app->id))];
}

static void mark(bool *found, uint32_t app)
{
    if (app != SIGNATURE_NO_APP)
        found[app] = true;
}

/* Which apps have a domain, a network or a rule? */
static void mark_found(const struct signature_set *set, bool *found)
{
    for (uint32_t i = 0; i < set->signature_count; i++)
        mark(found, set->signatures[i].app);
    for (uint32_t i = 0; i < set->networks.count; i++)
        mark(found, set->networks.rows[i].app);
    for (uint32_t i = 0; i < set->rule_ids.count; i++)
        mark(found, set->rules[i].app);
}

enum { CONTROLS = TRAIT_COUNT - 2 }; /* the last two rows of attributes.def are about the terms */

static void check_attributes(struct lint *l, const struct app *app)
{
    size_t yes = 0, no = 0;

    for (size_t t = 0; t < CONTROLS; t++) {
        yes += app->traits[t] == TRAIT_YES;
        no += app->traits[t] == TRAIT_NO;
    }
    if (app->managed == MANAGED_NO && yes > 0)
        lint_add(l, LINT_ATTRIBUTES, place_of(l, app), app->id,
                 "managed `no`, but an administrator can do something");
    if (app->managed == MANAGED_YES && no == CONTROLS)
        lint_add(l, LINT_ATTRIBUTES, place_of(l, app), app->id,
                 "managed `yes`, but an administrator can do nothing");
}

static void check_alternative(struct lint *l, const struct app *app)
{
    uint32_t other = signature_find_app(l->input->set, slice_of_string(app->alternative));

    if (app->managed == MANAGED_BOTH && app->alternative[0] == '\0')
        lint_add(l, LINT_ALTERNATIVE, place_of(l, app), app->id,
                 "managed `both`, but the managed one is not named");
    if (other == SIGNATURE_NO_APP) {
        if (app->alternative[0] >= 'a' && app->alternative[0] <= 'z' &&
            load_is_id(slice_of_string(app->alternative)))
            lint_add(l, LINT_ALTERNATIVE, place_of(l, app), app->id,
                     "the alternative '%s' is no app's id, nor words for people", app->alternative);
        return;
    }
    if (signature_app(l->input->set, other) == app)
        lint_add(l, LINT_ALTERNATIVE, place_of(l, app), app->id, "is its own alternative");
    else if (signature_app(l->input->set, other)->managed == MANAGED_NO)
        lint_add(l, LINT_ALTERNATIVE, place_of(l, app), app->id,
                 "the alternative '%s' cannot be managed", app->alternative);
}

static bool is_country(struct slice code)
{
    static const char assigned[] =
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI "
        "BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN "
        "CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
        "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM "
        "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
        "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
        "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP "
        "NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
        "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
        "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
        "VN VU WF WS YE YT ZA ZM ZW ";

    for (const char *p = assigned; *p != '\0'; p += 3)
        if (slice_equal(code, slice_of(p, 2)))
            return true;
    return false;
}

static void check_country(struct lint *l, const struct app *app)
{
    if (app->country[0] != '\0' && !is_country(slice_of_string(app->country)))
        lint_add(l, LINT_COUNTRY, place_of(l, app), app->id, "'%s' is no country's code",
                 app->country);
}

/* Whatever the case of letters. */
static void check_name(struct lint *l, struct text_map *names, const struct app *app)
{
    char lower[256];
    struct slice name = slice_of_string(app->name);
    bool fresh;

    if (name.len > sizeof lower)
        name.len = sizeof lower;
    for (size_t i = 0; i < name.len; i++) {
        bool capital = name.ptr[i] >= 'A' && name.ptr[i] <= 'Z';

        lower[i] = (char)(name.ptr[i] | (capital ? 0x20 : 0));
    }
    if (text_map_add(names, slice_of(lower, name.len), &fresh) == TEXT_MAP_NONE)
        l->failed = true;
    else if (!fresh)
        lint_add(l, LINT_NAME, place_of(l, app), app->id, "another app is called '%s' too",
                 app->name);
}

void lint_apps(struct lint *l)
{
    const struct signature_set *set = l->input->set;
    size_t count = signature_app_count(set);
    bool *found = calloc(count + 1, sizeof *found);
    struct text_map names = {0};

    if (found == NULL) {
        l->failed = true;
        return;
    }
    mark_found(set, found);
    for (uint32_t i = 0; i < count; i++) {
        const struct app *app = signature_app(set, i);

        if (!found[i])
            lint_add(l, LINT_NO_SIGNATURE, place_of(l, app), app->id,
                     "has no domain, network or rule");
        check_attributes(l, app);
        check_alternative(l, app);
        check_country(l, app);
        check_name(l, &names, app);
    }
    text_map_free(&names);
    free(found);
}
