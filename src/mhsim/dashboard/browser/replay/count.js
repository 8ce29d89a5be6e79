// What was drawn and what it cost, for tests and for whoever wants to know: weeks, frames, milliseconds of script.
export class Count {
  constructor(places) {
    this.drawn = new Uint8Array(places);
    this.weeks = 0;
    this.frames = 0;
    this.times = new Uint32Array(200); // frames by half milliseconds
  }

  week(place) {
    if (this.drawn[place]) return;
    this.drawn[place] = 1;
    this.weeks += 1;
  }

  frame(took) {
    this.frames += 1;
    this.times[Math.min(this.times.length - 1, Math.floor(2 * took))] += 1;
  }

  // Below how many milliseconds this share of frames stayed.
  below(share) {
    let seen = 0;
    for (let k = 0; k < this.times.length; k += 1) {
      seen += this.times[k];
      if (seen >= share * this.frames) return (k + 1) / 2;
    }
    return this.times.length / 2;
  }

  write(root) {
    root.dataset.frames = this.frames;
    root.dataset.frameMedian = this.below(0.5);
    root.dataset.frameMost = this.below(0.95);
  }
}
