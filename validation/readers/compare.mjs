// Compares answers with what `refdgm vectors export` wrote: right numbers and, element by element, the judge's bounds.
//
//     node compare.mjs softmax.float64.right.safetensors mine.safetensors
//
// One line per array that is asked for: its name and right, loses digits, wrong or missing, with the first element that
// decides. The exit code is 1 where something is wrong or missing. It trusts its files, as a reader of your own may.
import { readFileSync } from "node:fs";

function read(path) {
  const data = readFileSync(path);
  const length = Number(data.readBigUInt64LE(0));
  const header = JSON.parse(data.toString("utf8", 8, 8 + length));
  delete header.__metadata__;
  const found = new Map();
  for (const [name, { dtype, shape, data_offsets: [begin, end] }] of Object.entries(header)) {
    const size = { F64: 8, F32: 4, I64: 8 }[dtype], numbers = [];
    for (let at = 8 + length + begin; at < 8 + length + end; at += size)
      numbers.push(dtype === "F64" ? data.readDoubleLE(at) : dtype === "F32" ? data.readFloatLE(at)
                                                           : Number(data.readBigInt64LE(at)));
    found.set(name, { shape, numbers });
  }
  return found;
}

const [right, mine] = process.argv.slice(2).map(read);
let failed = false;
for (const [name, expected] of [...right].filter(([name]) => /^\d+\/(output|gradient)\./.test(name))) {
  const got = mine.get(name), bound = (kind) => right.get(name.replace("/", `/${kind}.`)).numbers;
  let verdict = "missing";
  if (got && String(got.shape) !== String(expected.shape)) verdict = `wrong shape [${got.shape}]`;
  else if (got) {
    const within = (kind) => expected.numbers.findIndex(
      (x, i) => !(got.numbers[i] === x || Math.abs(got.numbers[i] - x) <= bound(kind)[i]));
    const lost = within("strict"), wrong = within("loose");
    verdict = wrong >= 0 ? `wrong at ${wrong}` : lost >= 0 ? `loses digits at ${lost}` : "right";
  }
  failed ||= /^(missing|wrong)/.test(verdict);
  console.log(name, verdict);
}
process.exitCode = failed ? 1 : 0;
