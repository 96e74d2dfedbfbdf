// speed_onnx.js FOLDER [runs]: encode + greedy decode in ONNX Runtime, one thread, of a model that speed_torch.py --onnx
// wrote; median CPU time. Run it in the folder where onnxruntime-node was installed. See docs/performance.md.
const path = require('path'), fs = require('fs');
const ort = require(require.resolve('onnxruntime-node', { paths: [process.cwd()] }));

async function main() {
  const folder = path.resolve(process.argv[2]), runs = +(process.argv[3] || 150);
  const run = JSON.parse(fs.readFileSync(path.join(folder, 'run.json')));
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'all', executionMode: 'sequential' };
  const encoder = await ort.InferenceSession.create(path.join(folder, 'encoder.onnx'), options);
  const step = await ort.InferenceSession.create(path.join(folder, 'step.onnx'), options);
  const ids = (list, shape) => new ort.Tensor('int64', BigInt64Array.from(list.map(BigInt)), shape);
  const source = ids(run.source, [1, run.source.length]);

  async function decode() {
    const feeds = { ...await encoder.run({ source }), word: ids([1], [1]) }, words = [];
    for (let t = 0; t < run.count; t++) {
      const out = await step.run(feeds);
      for (let i = 0; i < run.states; i++) feeds['state' + i] = out['next' + i];
      feeds.word = out.next;
      words.push(Number(out.next.data[0]));
    }
    return words;
  }

  for (let i = 0; i < 10; i++) await decode();
  const samples = [];
  let words;
  for (let i = 0; i < runs; i++) {
    const before = process.cpuUsage();
    words = await decode();
    const spent = process.cpuUsage(before);
    samples.push((spent.user + spent.system) / 1e3);
  }
  const same = JSON.stringify(words) === JSON.stringify(run.words);
  console.log(`encode + ${run.count} words: ${samples.sort((a, b) => a - b)[samples.length >> 1].toFixed(3)} ms` + (same ? '' : ', OTHER WORDS than PyTorch'));
}
main();
