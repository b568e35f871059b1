// An RMS norm in C++ behind `refdgm check --command`, with its gradients and nothing but the standard library. It reads
// the lines of docs/any-language.md, which are written in one way, so that a search finds what it needs.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

using Numbers = std::vector<double>;

// The list that begins behind `key`, looked for behind `name` behind `part`.
Numbers list(const std::string& line, const char* part, const char* name, const std::string& key) {
    const char* at = line.c_str() + line.find(key, line.find(name, line.find(part))) + key.size();
    Numbers found;
    while (*at != ']') {
        if (*at == ',' || *at == '"') { ++at; continue; }
        char* end;
        found.push_back(std::strtod(at, &end));
        at = end;
    }
    return found;
}

void print(const char* name, const Numbers& shape, const Numbers& data) {
    std::printf("\"%s\":{\"shape\":[", name);
    for (std::size_t i = 0; i < shape.size(); ++i) std::printf(i ? ",%.0f" : "%.0f", shape[i]);
    std::printf("],\"data\":[");
    for (std::size_t i = 0; i < data.size(); ++i) {
        if (i) std::printf(",");
        if (std::isfinite(data[i])) std::printf("%.17g", data[i]);
        else std::printf(std::isnan(data[i]) ? "\"NaN\"" : data[i] > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    }
    std::printf("]}");
}

int main() {
    for (std::string line; std::getline(std::cin, line); std::fflush(stdout)) {
        if (line.find("\"reference\"") == std::string::npos) {
            std::puts("{\"functions\":[\"rms_norm\"]}");
            continue;
        }
        const Numbers shape = list(line, "\"inputs\"", "\"x\":{", "\"shape\":[");
        const Numbers x = list(line, "\"inputs\"", "\"x\":{", "\"data\":[");
        const Numbers weight = list(line, "\"inputs\"", "\"weight\":{", "\"data\":[");
        const double eps = list(line, "\"inputs\"", "\"eps\":{", "\"data\":[")[0];
        const Numbers bar = list(line, "\"cotangents\"", "\"value\":{", "\"data\":[");
        const std::size_t width = weight.size();
        Numbers y(x.size()), x_bar(x.size()), w_bar(width);
        for (std::size_t row = 0; width && row < x.size(); row += width) {
            double square = 0, along = 0;
            for (std::size_t i = 0; i < width; ++i) square += x[row + i] * x[row + i];
            const double r = 1 / std::sqrt(square / width + eps);
            for (std::size_t i = 0; i < width; ++i) along += bar[row + i] * weight[i] * x[row + i] * r;
            for (std::size_t i = 0; i < width; ++i) {
                const double n = x[row + i] * r;
                y[row + i] = n * weight[i];
                x_bar[row + i] = (bar[row + i] * weight[i] - n * along / width) * r;
                w_bar[i] += bar[row + i] * n;
            }
        }
        std::printf("{\"id\":%ld,\"outputs\":{", std::strtol(line.c_str() + 6, nullptr, 10));
        print("value", shape, y);
        std::printf("},\"gradients\":{");
        print("x", shape, x_bar);
        std::printf(",");
        print("weight", {static_cast<double>(width)}, w_bar);
        std::puts("}}");
    }
}
