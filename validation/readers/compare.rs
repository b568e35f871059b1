// Compares answers with what `refdgm vectors export` wrote: right numbers and, element by element, the judge's bounds.
//
//     rustc --edition 2021 -O compare.rs
//     ./compare softmax.float64.right.safetensors mine.safetensors
//
// One line per array that is asked for: its name and right, loses digits, wrong or missing, with the first element that
// decides. The exit code is 1 where something is wrong or missing. It trusts its files, as a reader of your own may.
use std::collections::BTreeMap;
use std::process::ExitCode;

struct Array {
    shape: String,
    numbers: Vec<f64>,
}

/// What stands between two marks, and what follows the second.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<(&'a str, &'a str)> {
    let (_, rest) = text.split_once(open)?;
    rest.split_once(close)
}

/// The numbers of an array, from bytes in little-endian order.
fn numbers(bytes: &[u8], dtype: &str) -> Option<Vec<f64>> {
    match dtype {
        "F64" => Some(bytes.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect()),
        "I64" => Some(bytes.chunks_exact(8).map(|b| i64::from_le_bytes(b.try_into().unwrap()) as f64).collect()),
        "F32" => Some(bytes.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap()).into()).collect()),
        _ => None,
    }
}

fn array(fields: &str, payload: &[u8]) -> Option<Array> {
    let value = |key: &str| Some(fields.split_once(&format!("\"{key}\""))?.1);
    let dtype = between(value("dtype")?, "\"", "\"")?.0;
    let shape = between(value("shape")?, "[", "]")?.0.replace(char::is_whitespace, "");
    let (begin, end) = between(value("data_offsets")?, "[", "]")?.0.split_once(',')?;
    let place: [usize; 2] = [begin.trim().parse().ok()?, end.trim().parse().ok()?];
    Some(Array { shape, numbers: numbers(&payload[place[0]..place[1]], dtype)? })
}

fn read(path: &str) -> Result<BTreeMap<String, Array>, String> {
    let data = std::fs::read(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    let length = u64::from_le_bytes(data[..8].try_into().unwrap()) as usize;
    let mut header = std::str::from_utf8(&data[8..8 + length]).map_err(|error| error.to_string())?;
    header = header.trim_start().strip_prefix('{').unwrap_or(header);
    let mut found = BTreeMap::new();
    while let Some((name, rest)) = between(header, "\"", "\"") {
        let (fields, more) = between(rest, "{", "}").ok_or(format!("{name} has no fields"))?;
        if name != "__metadata__" {
            let made = array(fields, &data[8 + length..]).ok_or(format!("{name} is not of F64, F32 or I64"))?;
            found.insert(name.to_string(), made);
        }
        header = more;
    }
    Ok(found)
}

/// The first element that is neither the right one nor near enough to it.
fn beyond(got: &Array, right: &Array, bound: &Array) -> Option<usize> {
    (0..right.numbers.len()).find(|&i| {
        let (x, y) = (got.numbers[i], right.numbers[i]);
        !(x == y || (x - y).abs() <= bound.numbers[i])
    })
}

fn compared() -> Result<bool, String> {
    let words: Vec<String> = std::env::args().collect();
    let [_, right, mine] = &words[..] else { return Err("usage: compare RIGHT.safetensors MINE.safetensors".into()) };
    let (right, mine) = (read(right)?, read(mine)?);
    let mut failed = false;
    for (name, expected) in &right {
        let (number, role) = name.split_at(4); // "001/" and "output.value"
        if !role.starts_with("output.") && !role.starts_with("gradient.") {
            continue;
        }
        let bound = |kind: &str| &right[&format!("{number}{kind}.{role}")];
        let verdict = match mine.get(name) {
            None => "missing".to_string(),
            Some(got) if got.shape != expected.shape => format!("wrong shape [{}]", got.shape),
            Some(got) => match (beyond(got, expected, bound("loose")), beyond(got, expected, bound("strict"))) {
                (Some(at), _) => format!("wrong at {at}"),
                (None, Some(at)) => format!("loses digits at {at}"),
                (None, None) => "right".to_string(),
            },
        };
        failed |= verdict.starts_with(['w', 'm']);
        println!("{name} {verdict}");
    }
    Ok(failed)
}

fn main() -> ExitCode {
    match compared() {
        Ok(failed) => ExitCode::from(failed as u8),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
