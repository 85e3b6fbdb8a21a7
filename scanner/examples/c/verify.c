/* Answers each line of standard input: VERIFY TRUST-FILE... [@SECONDS]
 *
 *   cc verify.c -I../../include -L../../../target/release -lhcert_scanner -o verify
 *   ./verify bundle.hcert < /dev/ttyACM0
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hcert_scanner.h"

static void must(HcertStatus status, const char *what) {
    if (status != HCERT_OK) {
        fprintf(stderr, "%s: %s\n", what, hcert_last_error());
        exit(2);
    }
}

int main(int count, char **arguments) {
    if (hcert_abi_version() != HCERT_ABI_VERSION) {
        fprintf(stderr, "another version of the library\n");
        return 2;
    }
    int64_t at = HCERT_NOW;
    HcertTrust *trust = NULL;
    must(hcert_trust_new(&trust), "trust");
    for (int i = 1; i < count; i++) {
        if (arguments[i][0] == '@')
            at = strtoll(arguments[i] + 1, NULL, 10);
        else
            must(hcert_trust_add_file(trust, arguments[i]), arguments[i]);
    }
    HcertScanner *scanner = NULL;
    must(hcert_scanner_new(trust, &scanner), "trust");

    static const char *const words[] = {"RED", "AMBER", "GREEN"};
    static char line[32768];
    while (fgets(line, sizeof line, stdin)) {
        HcertVerdict *verdict = NULL;
        must(hcert_scanner_verify(scanner, line, strcspn(line, "\r\n"), at, &verdict), "verify");
        printf("%s %s | %s | %s | %s\n", words[verdict->colour], verdict->stage, verdict->name,
               verdict->date_of_birth, verdict->message_en);
        fflush(stdout);
        hcert_verdict_free(verdict);
    }
    hcert_scanner_free(scanner);
    return 0;
}
