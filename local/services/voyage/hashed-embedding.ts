// hashed-embedding: a text as a direction, computed from its letters alone.
//
//   in    a text in any language
//   out   numbers of length 1 together, of which the cosine tells how much of their words two texts share
//
// The hashing trick (Weinberger et al., Feature Hashing for Large Scale Multitask Learning, 2009): every feature of the text is
// hashed to one of the dimensions and to a sign, so that what falls together by chance cancels out on average. Features are the
// stems of the words, by which "mountains" is "mountain", and the runs of three to five letters within each word, by which
// "moutain" is near (Bojanowski et al., Enriching Word Vectors with Subword Information, 2017). A word that comes often counts
// by the logarithm, and one that every text has counts little. It knows no meaning: "car" is as far from "automobile" as "tree".

import { stemOf } from "./hashed-embedding/stem";
import { isStopWord } from "./hashed-embedding/stop-words";

/** As many as there are dimensions, a power of two. The same text gives the same numbers, on every machine. */
export function embedText(text: string, dimensions = 1_024): Float32Array {
  const sums = new Float64Array(dimensions);
  const add = (hash: number, weight: number) => {
    const mixed = mix(hash);
    const dimension = mixed & (dimensions - 1);
    sums[dimension] = (sums[dimension] ?? 0) + (mixed < 0 ? -weight : weight);
  };
  for (const [word, count] of wordsOf(text)) {
    const weight = (1 + Math.log(count)) * (isStopWord(word) ? stopWordWeight : 1);
    add(hashOf(stemOf(word)), weight);
    addRuns(word, weight * runsWeight, add);
  }
  return ofLengthOne(sums);
}

/** Of all runs of a word together, where the word is 1. */
const runsWeight = 0.7;

const stopWordWeight = 0.15;

/** What a text is made of where it has neither letters nor digits: "?!" is near to "?". */
const signs = /\S+/g;

const letters = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;

/** Each with how often it comes. Compatible forms are one: "ﬁ" is "fi", and "é" in two signs is "é" in one. */
function wordsOf(text: string): ReadonlyMap<string, number> {
  const normal = text.normalize("NFKC").toLowerCase();
  const words = new Map<string, number>();
  for (const word of normal.match(letters) ?? normal.match(signs) ?? [""]) words.set(word, (words.get(word) ?? 0) + 1);
  return words;
}

const shortest = 3;
const longest = 5;

/** Scripts that put no space between words: a sign or two of them is what a word is elsewhere. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/** The runs share the weight, so that a long word counts no more than a short one. Its beginning and its end are signs too. */
function addRuns(word: string, weight: number, add: (hash: number, weight: number) => void): void {
  const marked = `^${word}$`;
  const least = unspaced.test(word) ? 1 : shortest;
  const runs: number[] = [];
  for (let start = 0; start + least <= marked.length; start += 1) {
    let hash = runBasis;
    for (let length = 1; length <= longest && start + length <= marked.length; length += 1) {
      hash = step(hash, marked.charCodeAt(start + length - 1));
      if (length >= least) runs.push(hash);
    }
  }
  const each = weight / Math.sqrt(runs.length);
  for (const hash of runs) add(hash, each);
}

/** FNV-1a over UTF-16 (http://www.isthe.com/chongo/tech/comp/fnv/), from a basis of its own for each kind of feature. */
const wordBasis = 0x811c9dc5;
const runBasis = 0x2f0b4a27;

const step = (hash: number, sign: number): number => Math.imul(hash ^ sign, 0x01000193);

function hashOf(word: string): number {
  let hash = wordBasis;
  for (let at = 0; at < word.length; at += 1) hash = step(hash, word.charCodeAt(at));
  return hash;
}

/** The finalizer of MurmurHash3, without which the low bits of like words are like. */
function mix(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Features that cancel out to the last leave the first dimension: a direction there must be, or no distance is defined. */
function ofLengthOne(sums: Float64Array): Float32Array {
  let squares = 0;
  for (const sum of sums) squares += sum * sum;
  if (squares === 0) return Float32Array.from(sums, (_, dimension) => (dimension === 0 ? 1 : 0));
  const length = Math.sqrt(squares);
  return Float32Array.from(sums, (sum) => sum / length);
}
