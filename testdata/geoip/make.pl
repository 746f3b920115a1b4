#!/usr/bin/perl
# make.pl OUT TYPE IP_VERSION RECORD_SIZE: writes a MaxMind DB from lines of standard input:
#   NETWORK KEY=VALUE...     KEY may be nested with dots; a value of digits is a number
# Debian: libmaxmind-db-writer-perl. sample.mmdb is made by: ./make.pl sample.mmdb
#   Sample-Country-ASN 6 24 <sample.txt
use strict;
use warnings;
use MaxMind::DB::Writer::Tree;

my ($out, $type, $ip_version, $record_size) = @ARGV;
die "usage: make.pl OUT TYPE IP_VERSION RECORD_SIZE <NETWORKS\n" unless defined $record_size;

my %types = (
    autonomous_system_number => 'uint32', as_number => 'uint16',
    country => 'map', registered_country => 'map',
);
my $tree = MaxMind::DB::Writer::Tree->new(
    ip_version            => $ip_version,
    record_size           => $record_size,
    database_type         => $type,
    languages             => ['en'],
    description           => { en => 'made for the tests of kage' },
    remove_reserved_networks => 0,
    _build_epoch          => 1793404800,    # 2026-10-31
    map_key_type_callback => sub { $types{ $_[0] } // 'utf8_string' },
);
while (my $line = <STDIN>) {
    next if $line =~ /^\s*(#|$)/;
    my ($network, @pairs) = split ' ', $line;
    my %data;
    for my $pair (@pairs) {
        my ($path, $value) = split /=/, $pair, 2;
        my @keys = split /\./, $path;
        my $at = \%data;
        while (@keys > 1) { $at = $at->{ shift @keys } //= {}; }
        $types{$keys[0]} = 'utf8_string' if !ref $value && $keys[0] eq 'country';
        $at->{ $keys[0] } = $value;
    }
    $tree->insert_network($network, \%data);
}
open my $handle, '>:raw', $out or die "$out: $!\n";
$tree->write_tree($handle);
close $handle or die "$out: $!\n";
