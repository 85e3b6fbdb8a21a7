// The verifier of digital health certificates for C++17: hcert_scanner.h with owners and exceptions.
// See specs/scanner.md.
#ifndef HCERT_SCANNER_HPP
#define HCERT_SCANNER_HPP

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "hcert_scanner.h"

namespace hcert {

/// What a call that failed has to say.
class Error : public std::runtime_error {
public:
    explicit Error(HcertStatus status) : std::runtime_error(hcert_last_error()), status_(status) {}
    HcertStatus status() const noexcept { return status_; }

private:
    HcertStatus status_;
};

namespace detail {
inline void check(HcertStatus status) {
    if (status != HCERT_OK) throw Error(status);
}

template <typename T, void (*Free)(T *)>
struct Deleter {
    void operator()(T *held) const noexcept { Free(held); }
};
template <typename T, void (*Free)(T *)>
using Owner = std::unique_ptr<T, Deleter<T, Free>>;
}  // namespace detail

/// Whether the library that was loaded is of this header.
inline bool abi_matches() noexcept { return hcert_abi_version() == HCERT_ABI_VERSION; }

/// What is to be trusted, being gathered.
class Trust {
public:
    Trust() {
        HcertTrust *trust = nullptr;
        detail::check(hcert_trust_new(&trust));
        held_.reset(trust);
    }

    /// Goes by what state() gave before.
    Trust &remember(const std::vector<std::uint8_t> &state) {
        detail::check(hcert_trust_remember(held_.get(), state.data(), state.size()));
        return *this;
    }

    /// Goes by a root that came with the device.
    Trust &pin(const std::vector<std::uint8_t> &root) {
        detail::check(hcert_trust_pin(held_.get(), root.data(), root.size()));
        return *this;
    }

    Trust &add(const std::vector<std::uint8_t> &bytes) {
        detail::check(hcert_trust_add(held_.get(), bytes.data(), bytes.size()));
        return *this;
    }

    Trust &add_file(const std::string &path) {
        detail::check(hcert_trust_add_file(held_.get(), path.c_str()));
        return *this;
    }

    /// What to remember of the bundle; empty without one.
    std::vector<std::uint8_t> state() const {
        HcertBytes bytes{};
        detail::check(hcert_trust_state(held_.get(), &bytes));
        std::vector<std::uint8_t> copy(bytes.bytes, bytes.bytes + bytes.length);
        hcert_bytes_free(&bytes);
        return copy;
    }

private:
    friend class Scanner;
    detail::Owner<HcertTrust, hcert_trust_free> held_;
};

/// The answer to a text or picture.
class Verdict {
public:
    const HcertVerdict *operator->() const noexcept { return held_.get(); }
    bool green() const noexcept { return held_->colour == HCERT_GREEN; }

    /// The whole verdict, as specs/verdict.md describes it.
    std::string json(const std::string &input = "", HcertLanguage language = HCERT_ENGLISH) const {
        char *text = nullptr;
        detail::check(hcert_verdict_json(held_.get(), input.c_str(), language, &text));
        std::string copy(text);
        hcert_string_free(text);
        return copy;
    }

private:
    friend class Scanner;
    explicit Verdict(HcertVerdict *verdict) : held_(verdict) {}
    detail::Owner<HcertVerdict, hcert_verdict_free> held_;
};

/// Decides. All but destruction may be called from any number of threads at once.
class Scanner {
public:
    explicit Scanner(Trust trust) {
        HcertScanner *scanner = nullptr;
        detail::check(hcert_scanner_new(trust.held_.release(), &scanner));
        held_.reset(scanner);
    }

    /// Puts other trust in the place of what is in use; if it can't be used, the old stays.
    void replace(Trust trust) const {
        detail::check(hcert_scanner_replace(held_.get(), trust.held_.release()));
    }

    Verdict verify(std::string_view text, std::int64_t at = HCERT_NOW) const {
        HcertVerdict *verdict = nullptr;
        // An empty view may have no address.
        const char *data = text.data() ? text.data() : "";
        detail::check(hcert_scanner_verify(held_.get(), data, text.size(), at, &verdict));
        return Verdict(verdict);
    }

    /// The verdict of the code in a picture of grey levels; none if there is no code.
    std::optional<Verdict> verify_image(const std::uint8_t *grey, std::uint32_t width,
                                        std::uint32_t height, std::size_t stride,
                                        bool thorough = false, std::int64_t at = HCERT_NOW) const {
        HcertVerdict *verdict = nullptr;
        HcertStatus status = hcert_scanner_verify_image(held_.get(), grey, width, height, stride,
                                                        thorough, at, &verdict);
        if (status == HCERT_NO_CODE) return std::nullopt;
        detail::check(status);
        return Verdict(verdict);
    }

private:
    detail::Owner<HcertScanner, hcert_scanner_free> held_;
};

}  // namespace hcert

#endif
