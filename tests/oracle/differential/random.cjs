// Random numbers that depend on the seed alone, and choices made with them.
'use strict'

class Random {
  constructor(seed) {
    this.state = seed >>> 0
  }

  // mulberry32
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  below(n) { return Math.floor(this.next() * n) }
  between(low, high) { return low + this.below(high - low + 1) }
  chance(probability) { return this.next() < probability }
  pick(list) { return list[this.below(list.length)] }
  some(list, least = 0) {
    const shuffled = this.shuffled(list)
    return shuffled.slice(0, this.between(least, list.length))
  }
  shuffled(list) {
    const copy = [...list]
    for (let i = copy.length - 1; i > 0; --i) {
      const j = this.below(i + 1);
      [copy[i], copy[j]] = [copy[j], copy[i]]
    }
    return copy
  }
  // Calls one of the functions, each by its weight: [[3, f], [1, g]].
  weighted(choices) {
    let at = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, make] of choices) {
      at -= weight
      if (at < 0) return make()
    }
    return choices.at(-1)[1]()
  }
}

module.exports = { Random }
