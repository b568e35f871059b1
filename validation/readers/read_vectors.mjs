// Reads reference vectors with Node alone and prints every number.
//
//     node read_vectors.mjs ../vectors/gumbel_softmax.json ../vectors/mlp.json
//
// A line with the index's path, then one line per array: name, dtype, shape, then the elements in C order; reals as the sixteen hexadecimal
// digits of their bits. It trusts the file but for its digest.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

for (const path of process.argv.slice(2)) {
  const index = JSON.parse(readFileSync(path, "utf8"));
  const data = readFileSync(join(dirname(path), index.file));
  if (createHash("sha256").update(data).digest("hex") !== index.sha256) throw new Error("the digest is another one");
  const length = Number(data.readBigUInt64LE(0));
  const header = JSON.parse(data.toString("utf8", 8, 8 + length));
  const lines = [path];
  index.cases.forEach((one, i) => {
    for (const [name, [, shape]] of Object.entries(one.arrays)) {
      const full = `${String(i + 1).padStart(3, "0")}/${name}`;
      const { dtype, data_offsets: [begin, end] } = header[full];
      const elements = [];
      for (let at = 8 + length + begin; at < 8 + length + end; at += 8)
        elements.push(dtype === "F64" ? data.readBigUInt64LE(at).toString(16).padStart(16, "0")
                                      : data.readBigInt64LE(at).toString());
      lines.push([full, dtype, `[${shape}]`, ...elements].join(" "));
    }
  });
  console.log(lines.join("\n"));
}
