// The Hugging Face tokenizers behind a command line, for parity tests and the benchmark.
//   train OUT LIST             trains on the files that LIST names (one a line) and writes OUT, a tokenizer.json
//   encode TOKENIZER           JSON lines of strings on stdin -> {"ids": [...], "decoded": "..."} a line
//   split                      JSON lines of strings on stdin -> arrays of pieces in the byte alphabet
//   encode-files TOKENIZER LIST OUT   writes the ids of all files as 16-bit little-endian numbers
// `train` of this binding takes no options: 30,000 tokens, no special ones, and it feeds each file line by line.
const fs = require("fs");
const hf = require("tokenizers-linux-x64-gnu");

const lines = (text) => text.split("\n").filter((line) => line.length > 0);
const input = () => lines(fs.readFileSync(0, "utf8")).map((line) => JSON.parse(line));

function train(out, list) {
  const tokenizer = new hf.Tokenizer(hf.BPE.empty());
  tokenizer.setPreTokenizer(hf.byteLevelPreTokenizer(false));
  tokenizer.train(lines(fs.readFileSync(list, "utf8")));
  tokenizer.save(out);
}

async function encode(path) {
  const tokenizer = hf.Tokenizer.fromFile(path);
  for (const text of input()) {
    const ids = (await tokenizer.encode(text)).getIds();
    console.log(JSON.stringify({ ids, decoded: await tokenizer.decode(ids, false) }));
  }
}

function split() {
  const splitter = hf.byteLevelPreTokenizer(false);
  for (const text of input()) {
    console.log(JSON.stringify(splitter.preTokenizeString(text).map(([piece]) => piece)));
  }
}

async function encodeFiles(path, list, out) {
  const tokenizer = hf.Tokenizer.fromFile(path);
  const files = lines(fs.readFileSync(list, "utf8"));
  const target = fs.openSync(out, "w");
  const batch = 64;
  for (let start = 0; start < files.length; start += batch) {
    const texts = files.slice(start, start + batch).map((file) => fs.readFileSync(file, "utf8"));
    for (const encoding of await tokenizer.encodeBatch(texts)) {
      fs.writeSync(target, Uint16Array.from(encoding.getIds()));
    }
  }
  fs.closeSync(target);
}

async function main([mode, ...rest]) {
  const modes = { train, encode, split, "encode-files": encodeFiles };
  await modes[mode](...rest);
  const peak = /VmHWM:\s*(\d+)/.exec(fs.readFileSync("/proc/self/status", "utf8"));
  const cpu = process.cpuUsage();
  console.error(`measured ${peak[1]} ${cpu.user + cpu.system}`); // peak memory in KiB, processor time in microseconds
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
