/* version.h: the version of the program. */
#ifndef KAGE_VERSION_H
#define KAGE_VERSION_H

#define KAGE_VERSION "0.1.0"

#endif
