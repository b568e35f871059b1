// Compares answers with what `refdgm vectors export` wrote: right numbers and, element by element, the judge's bounds.
//
//     g++ -std=c++17 -O1 compare.cpp -o compare
//     ./compare softmax.float64.right.safetensors mine.safetensors
//
// One line per array that is asked for: its name and right, loses digits, wrong or missing, with the first element that
// decides. The exit code is 1 where something is wrong or missing. It trusts its files, as a reader of your own may.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

struct Array {
    std::string shape;
    std::vector<double> numbers;
};
using Arrays = std::map<std::string, Array>;

std::uint64_t little(const char* at, int bytes) {  // the same on every machine
    std::uint64_t n = 0;
    for (int i = bytes - 1; i >= 0; --i) n = n << 8 | static_cast<unsigned char>(at[i]);
    return n;
}

double number(const char* at, const std::string& dtype) {
    if (dtype == "I64") return static_cast<double>(static_cast<std::int64_t>(little(at, 8)));
    if (dtype == "F64") {
        const std::uint64_t bits = little(at, 8);
        double x;
        std::memcpy(&x, &bits, 8);
        return x;
    }
    const auto bits = static_cast<std::uint32_t>(little(at, 4));
    float x;
    std::memcpy(&x, &bits, 4);
    return x;
}

Arrays read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    const std::string data{std::istreambuf_iterator<char>(file), {}};
    const std::uint64_t length = little(data.data(), 8);
    const std::string header = data.substr(8, length);
    const std::regex entry(R"re("([^"]+)"\s*:\s*(\{\s*"(?:dtype|shape|data_offsets)"[^}]*\}))re");
    const std::regex dtype(R"re("dtype"\s*:\s*"(F64|F32|I64)")re"), shape(R"re("shape"\s*:\s*\[([^\]]*)\])re"),
        offsets(R"re("data_offsets"\s*:\s*\[\s*(\d+)\s*,\s*(\d+)\s*\])re");
    Arrays found;
    for (std::sregex_iterator it(header.begin(), header.end(), entry), end; it != end; ++it) {
        const std::string fields = (*it)[2];
        std::smatch kind, axes, place;
        if (!std::regex_search(fields, kind, dtype) || !std::regex_search(fields, axes, shape) ||
            !std::regex_search(fields, place, offsets))
            throw std::runtime_error((*it)[1].str() + " has a dtype other than F64, F32, I64");
        Array& array = found[(*it)[1]];
        array.shape = std::regex_replace(axes[1].str(), std::regex("\\s"), "");
        const std::uint64_t size = kind[1] == "F32" ? 4 : 8, begin = 8 + length + std::stoull(place[1]);
        for (std::uint64_t at = begin; at < 8 + length + std::stoull(place[2]); at += size)
            array.numbers.push_back(number(data.data() + at, kind[1]));
    }
    return found;
}

// The first element that is neither the right one nor near enough to it; the number of elements where there is none.
std::size_t first_beyond(const Array& got, const Array& right, const Array& bound) {
    std::size_t i = 0;
    while (i < right.numbers.size() && (got.numbers[i] == right.numbers[i] ||
                                        std::abs(got.numbers[i] - right.numbers[i]) <= bound.numbers[i]))
        ++i;
    return i;
}

int main(int count, char** words) try {
    if (count != 3) throw std::runtime_error("usage: compare RIGHT.safetensors MINE.safetensors");
    const Arrays right = read(words[1]), mine = read(words[2]);
    bool failed = false;
    for (const auto& [name, expected] : right) {
        const std::string number = name.substr(0, 4), role = name.substr(4);  // "001/" and "output.value"
        if (role.rfind("output.", 0) != 0 && role.rfind("gradient.", 0) != 0) continue;
        std::string verdict = "right";
        const auto got = mine.find(name);
        if (got == mine.end()) {
            verdict = "missing";
        } else if (got->second.shape != expected.shape) {
            verdict = "wrong shape [" + got->second.shape + "]";
        } else {
            const std::size_t all = expected.numbers.size();
            const std::size_t lost = first_beyond(got->second, expected, right.at(number + "strict." + role));
            const std::size_t wrong = first_beyond(got->second, expected, right.at(number + "loose." + role));
            if (wrong < all) verdict = "wrong at " + std::to_string(wrong);
            else if (lost < all) verdict = "loses digits at " + std::to_string(lost);
        }
        failed |= verdict[0] == 'w' || verdict[0] == 'm';
        std::printf("%s %s\n", name.c_str(), verdict.c_str());
    }
    return failed;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
}
