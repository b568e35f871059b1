// Reads reference vectors with the C++17 standard library alone and prints every number.
//
//     g++ -std=c++17 -O1 read_vectors.cpp -o read_vectors
//     ./read_vectors ../vectors/gumbel_softmax.json ../vectors/mlp.json
//
// A line with the index's path, then one line per array: name, dtype, shape, then the elements in C order; reals as C99 hexadecimal floats,
// which lose no bit. It trusts the file: a reader of files from elsewhere must check what it is told.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <regex>
#include <stdexcept>
#include <string>

std::string contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::uint64_t little(const char* at) {  // eight bytes, the same on every machine
    std::uint64_t n = 0;
    for (int i = 7; i >= 0; --i) n = n << 8 | static_cast<unsigned char>(at[i]);
    return n;
}

void print(const std::string& path) {
    const std::string index = contents(path);
    std::smatch found;
    if (!std::regex_search(index, found, std::regex(R"re("file": "(\w+\.safetensors)")re")))
        throw std::runtime_error("the index names no file");
    const std::string data = contents(path.substr(0, path.find_last_of('/') + 1) + found[1].str());
    const std::uint64_t length = little(data.data());
    const std::string header = data.substr(8, length);
    const char* payload = data.data() + 8 + length;
    const std::regex entry(
        R"re("([^"]+)":\{"dtype":"(F64|I64)","shape":\[([\d,]*)\],"data_offsets":\[(\d+),(\d+)\]\})re");
    for (std::sregex_iterator it(header.begin(), header.end(), entry), end; it != end; ++it) {
        const std::smatch& m = *it;
        std::printf("%s %s [%s]", m[1].str().c_str(), m[2].str().c_str(), m[3].str().c_str());
        for (std::uint64_t at = std::stoull(m[4]), stop = std::stoull(m[5]); at < stop; at += 8) {
            const std::uint64_t bits = little(payload + at);
            double real;
            std::memcpy(&real, &bits, 8);
            m[2] == "F64" ? std::printf(" %a", real)
                          : std::printf(" %lld", static_cast<long long>(bits));
        }
        std::printf("\n");
    }
}

int main(int count, char** words) try {
    if (count < 2) throw std::runtime_error("usage: read_vectors INDEX.json ...");
    for (int i = 1; i < count; ++i) {
        std::printf("%s\n", words[i]);
        print(words[i]);
    }
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
