// Random numbers that are the same in every run.
export class Random {
  constructor(seed) {
    this.state = seed >>> 0
  }

  // A number below `limit` (mulberry32).
  below(limit) {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }

  chance(of) {
    return this.below(of) === 0
  }

  one(list) {
    return list[this.below(list.length)]
  }

  // Some of a list, in its order; each with a chance of one in `of`.
  some(list, of = 2) {
    return list.filter(() => this.chance(of))
  }
}
