/* Uses every function as a device would, from several threads, while another replaces the trust.
 * Run with AddressSanitizer and LeakSanitizer: nothing may be left over.
 *
 * CHECK TRUST-FILE SECONDS TEXT-FILE PGM-FILE ROUNDS
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hcert_scanner.h"

#define CHECK(condition)                                                        \
    do {                                                                        \
        if (!(condition)) {                                                     \
            fprintf(stderr, "line %d: %s (%s)\n", __LINE__, #condition, hcert_last_error()); \
            exit(1);                                                            \
        }                                                                       \
    } while (0)

typedef struct {
    const HcertScanner *scanner;
    const char *text;
    size_t length;
    int64_t at;
    int rounds;
} Work;

static char *read_all(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    CHECK(file);
    fseek(file, 0, SEEK_END);
    *length = (size_t)ftell(file);
    rewind(file);
    /* No byte more than there is: reading past the end would be noticed. */
    char *bytes = malloc(*length);
    CHECK(fread(bytes, 1, *length, file) == *length);
    fclose(file);
    return bytes;
}

static void *verify(void *argument) {
    const Work *work = argument;
    for (int i = 0; i < work->rounds; i++) {
        HcertVerdict *verdict = NULL;
        CHECK(hcert_scanner_verify(work->scanner, work->text, work->length, work->at, &verdict) == HCERT_OK);
        CHECK(verdict->valid && verdict->colour != HCERT_RED && strlen(verdict->name) > 0);
        char *json = NULL;
        CHECK(hcert_verdict_json(verdict, "-", i % 2, &json) == HCERT_OK);
        CHECK(strstr(json, "\"valid\":true"));
        hcert_string_free(json);
        hcert_verdict_free(verdict);
        /* A cut text is red, and no error. */
        CHECK(hcert_scanner_verify(work->scanner, work->text, work->length / 2, work->at, &verdict) == HCERT_OK);
        CHECK(!verdict->valid && verdict->colour == HCERT_RED && *verdict->name == 0 && *verdict->stage);
        hcert_verdict_free(verdict);
    }
    return NULL;
}

int main(int count, char **arguments) {
    CHECK(count == 6 && hcert_abi_version() == HCERT_ABI_VERSION && strlen(hcert_version()) > 0);
    const char *path = arguments[1];
    int64_t at = strtoll(arguments[2], NULL, 10);
    int rounds = atoi(arguments[5]);
    size_t text_length, picture_length, trust_length;
    char *text = read_all(arguments[3], &text_length);
    char *picture = read_all(arguments[4], &picture_length);
    char *file = read_all(path, &trust_length);

    HcertTrust *trust = NULL;
    CHECK(hcert_trust_new(&trust) == HCERT_OK);
    CHECK(hcert_trust_add(trust, (const uint8_t *)"nothing", 7) == HCERT_TRUST);
    CHECK(hcert_trust_add_file(trust, "/no/such/file") == HCERT_FILE);
    CHECK(hcert_trust_add_file(trust, NULL) == HCERT_ARGUMENT);
    CHECK(hcert_trust_remember(trust, (const uint8_t *)"\1\2", 2) == HCERT_TRUST);
    CHECK(hcert_trust_pin(trust, NULL, 0) == HCERT_ARGUMENT);
    CHECK(hcert_trust_add(trust, (const uint8_t *)file, trust_length) == HCERT_OK);
    HcertBytes state = {NULL, 0};
    CHECK(hcert_trust_state(trust, &state) == HCERT_OK);
    int bundle = state.length > 0;
    HcertScanner *scanner = NULL;
    CHECK(hcert_scanner_new(trust, &scanner) == HCERT_OK);

    /* Nothing trusted is no scanner. */
    HcertTrust *empty = NULL;
    HcertScanner *none = NULL;
    CHECK(hcert_trust_new(&empty) == HCERT_OK);
    CHECK(hcert_scanner_new(empty, &none) == HCERT_NO_KEYS && none == NULL);
    CHECK(hcert_scanner_new(NULL, &none) == HCERT_ARGUMENT);

    Work work = {scanner, text, text_length, at, rounds};
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) CHECK(pthread_create(&threads[i], NULL, verify, &work) == 0);
    for (int i = 0; i < rounds / 10 + 1; i++) {
        HcertTrust *next = NULL;
        CHECK(hcert_trust_new(&next) == HCERT_OK);
        if (bundle) CHECK(hcert_trust_remember(next, state.bytes, state.length) == HCERT_OK);
        CHECK(hcert_trust_add_file(next, path) == HCERT_OK);
        CHECK(hcert_scanner_replace(scanner, next) == HCERT_OK);
        /* What can't be used leaves what there is. */
        HcertTrust *wrong = NULL;
        CHECK(hcert_trust_new(&wrong) == HCERT_OK);
        CHECK(hcert_scanner_replace(scanner, wrong) == HCERT_NO_KEYS);
    }
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);

    unsigned width, height;
    int start;
    char head[32] = {0};
    memcpy(head, picture, picture_length < 31 ? picture_length : 31);
    CHECK(sscanf(head, "P5 %u %u 255%*c%n", &width, &height, &start) == 2);
    const uint8_t *grey = (const uint8_t *)picture + start;
    CHECK((size_t)start + (size_t)width * height == picture_length);
    HcertVerdict *verdict = NULL;
    HcertStatus seen = hcert_scanner_verify_image(scanner, grey, width, height, width, true, at, &verdict);
    if (seen != HCERT_NOT_BUILT) {
        CHECK(seen == HCERT_OK && verdict->valid);
        hcert_verdict_free(verdict);
        /* With gaps between the rows, and none behind the last. */
        size_t stride = width + 7, bytes = stride * (height - 1) + width;
        uint8_t *gaps = malloc(bytes);
        memset(gaps, 0, bytes);
        for (unsigned y = 0; y < height; y++) memcpy(gaps + y * stride, grey + (size_t)y * width, width);
        CHECK(hcert_scanner_verify_image(scanner, gaps, width, height, stride, false, at, &verdict) == HCERT_OK);
        CHECK(verdict->valid);
        hcert_verdict_free(verdict);
        memset(gaps, 255, bytes);
        CHECK(hcert_scanner_verify_image(scanner, gaps, width, height, stride, true, at, &verdict) == HCERT_NO_CODE);
        free(gaps);
        CHECK(hcert_scanner_verify_image(scanner, grey, 60000, 60000, 60000, false, at, &verdict) == HCERT_ARGUMENT);
    }
    CHECK(hcert_scanner_verify_image(scanner, grey, 0, height, 0, false, at, &verdict) == HCERT_ARGUMENT);
    CHECK(hcert_scanner_verify_image(scanner, grey, width, height, width - 1, false, at, &verdict) == HCERT_ARGUMENT);
    CHECK(hcert_scanner_verify_image(scanner, grey, UINT32_MAX, UINT32_MAX, SIZE_MAX, false, at, &verdict) == HCERT_ARGUMENT);

    CHECK(hcert_scanner_verify(NULL, text, 1, at, &verdict) == HCERT_ARGUMENT);
    CHECK(hcert_scanner_verify(scanner, NULL, 1, at, &verdict) == HCERT_ARGUMENT);
    CHECK(hcert_scanner_verify(scanner, text, SIZE_MAX, at, &verdict) == HCERT_ARGUMENT);
    CHECK(hcert_scanner_verify(scanner, text, text_length, at, NULL) == HCERT_ARGUMENT);
    CHECK(strcmp(hcert_last_error(), "out is null") == 0);
    CHECK(hcert_scanner_verify(scanner, "", 0, HCERT_NOW, &verdict) == HCERT_OK);
    CHECK(verdict->colour == HCERT_RED && strcmp(verdict->stage, "prefix") == 0);
    char *json = NULL;
    CHECK(hcert_verdict_json(NULL, NULL, HCERT_ENGLISH, &json) == HCERT_ARGUMENT);
    CHECK(hcert_verdict_json(verdict, NULL, 99, &json) == HCERT_OK);
    hcert_string_free(json);
    hcert_scanner_free(scanner);
    /* A verdict outlives its scanner. */
    CHECK(strlen(verdict->message_vi) > 0);
    hcert_verdict_free(verdict);

    hcert_bytes_free(&state);
    hcert_bytes_free(&state);
    hcert_bytes_free(NULL);
    hcert_string_free(NULL);
    hcert_verdict_free(NULL);
    hcert_trust_free(NULL);
    hcert_scanner_free(NULL);
    free(text);
    free(picture);
    free(file);
    puts("as it should be");
    return 0;
}
