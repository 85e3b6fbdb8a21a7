// Answers a text and a picture in PGM form: VERIFY TRUST-FILE SECONDS TEXT-FILE PGM-FILE
//
//   c++ -std=c++17 verify.cpp -I../../include -L../../../target/release -lhcert_scanner -o verify
#include <fstream>
#include <iostream>
#include <iterator>

#include "hcert_scanner.hpp"

static std::string read(const char *path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

int main(int count, char **arguments) try {
    if (count != 5 || !hcert::abi_matches()) return 2;
    const std::int64_t at = std::stoll(arguments[2]);
    hcert::Scanner scanner(std::move(hcert::Trust().add_file(arguments[1])));

    const hcert::Verdict verdict = scanner.verify(read(arguments[3]), at);
    std::cout << verdict.json(arguments[3], HCERT_VIETNAMESE) << "\n";
    std::cout << verdict->name << " " << verdict->date_of_birth << "\n";

    std::ifstream picture(arguments[4], std::ios::binary);
    std::string kind;
    std::uint32_t width = 0, height = 0, most = 0;
    picture >> kind >> width >> height >> most;
    picture.get();
    std::vector<std::uint8_t> grey(std::size_t(width) * height);
    picture.read(reinterpret_cast<char *>(grey.data()), std::streamsize(grey.size()));
    const auto of_picture = scanner.verify_image(grey.data(), width, height, width, true, at);
    std::cout << (of_picture ? of_picture->json("picture") : "no code") << "\n";

    try {
        scanner.replace(std::move(hcert::Trust().add({1, 2, 3})));
    } catch (const hcert::Error &error) {
        std::cout << "refused: " << error.what() << "\n";
    }
    return scanner.verify(read(arguments[3]), at)->valid ? 0 : 1;
} catch (const std::exception &error) {
    std::cerr << error.what() << "\n";
    return 2;
}
