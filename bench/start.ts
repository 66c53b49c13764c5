// start: evaluates the program and deploys it, once. A program can be evaluated once per process, so this is one of its own.
//
//   stdout  { "evaluatedMs": ..., "deployedMs": ... }

import { startCloud } from "../local/cloud";
import { evaluate } from "../stage/evaluation/evaluate";

async function start() {
  const began = performance.now();
  const evaluation = await evaluate({ stack: "dev", program: async () => require("../index"), packages: "kept" });
  const evaluated = performance.now();
  const cloud = await startCloud(evaluation);
  const deployed = performance.now();
  await cloud.end();
  console.log(JSON.stringify({ evaluatedMs: evaluated - began, deployedMs: deployed - evaluated }));
}

void start();
