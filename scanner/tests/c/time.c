/* How long a verdict takes: the middle and the 99th of a hundred, in microseconds.
 *
 * TIME TRUST-FILE SECONDS TEXT-FILE ROUNDS
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "hcert_scanner.h"

static int by_size(const void *one, const void *other) {
    long a = *(const long *)one, b = *(const long *)other;
    return (a > b) - (a < b);
}

int main(int count, char **arguments) {
    if (count != 5) return 2;
    int64_t at = strtoll(arguments[2], NULL, 10);
    int rounds = atoi(arguments[4]);
    static char text[8192];
    FILE *file = fopen(arguments[3], "rb");
    if (!file || rounds < 1) return 2;
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);

    HcertTrust *trust = NULL;
    HcertScanner *scanner = NULL;
    if (hcert_trust_new(&trust) || hcert_trust_add_file(trust, arguments[1]) || hcert_scanner_new(trust, &scanner)) {
        fprintf(stderr, "%s\n", hcert_last_error());
        return 1;
    }
    long *times = calloc((size_t)rounds, sizeof *times);
    if (!times) return 1;
    /* The first is not counted: it makes ready what the others use. */
    for (int i = -1; i < rounds; i++) {
        struct timespec start, end;
        HcertVerdict *verdict = NULL;
        clock_gettime(CLOCK_MONOTONIC, &start);
        HcertStatus status = hcert_scanner_verify(scanner, text, length, at, &verdict);
        clock_gettime(CLOCK_MONOTONIC, &end);
        if (status != HCERT_OK || !verdict->valid) return 1;
        hcert_verdict_free(verdict);
        if (i >= 0) times[i] = (end.tv_sec - start.tv_sec) * 1000000L + (end.tv_nsec - start.tv_nsec) / 1000;
    }
    qsort(times, (size_t)rounds, sizeof *times, by_size);
    printf("%ld %ld\n", times[rounds / 2], times[(size_t)rounds * 99 / 100]);
    free(times);
    hcert_scanner_free(scanner);
    return 0;
}
