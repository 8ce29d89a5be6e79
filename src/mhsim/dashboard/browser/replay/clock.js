// The time that is shown, in weeks: it plays, glides a step, or jumps. It only asks to be drawn while something moves.
const WALK = 700; // milliseconds that somebody takes to walk in or out while it plays fast
const GLIDE = 350; // milliseconds of a single step

export class Clock {
  constructor(unit, end, tell) {
    this.unit = unit;
    this.end = end;
    this.tell = tell;
    this.week = 0;
    this.speed = 8;
    this.playing = false;
    this.target = null;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.frame = this.frame.bind(this);
  }

  // How many weeks a walk lasts at this speed.
  get walk() {
    return this.playing && !this.calm.matches ? Math.max(this.unit, (WALK / 1000) * this.speed) : this.unit;
  }

  // The week drawn: without gliding where motion is not wanted.
  get shown() {
    return this.calm.matches ? Math.floor(this.week / this.unit + 1e-9) * this.unit : this.week;
  }

  play() {
    if (this.week >= this.end) this.week = 0;
    this.target = null;
    this.playing = true;
    this.start();
    this.tell("play");
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.glide(Math.min(this.end, Math.ceil(this.week / this.unit - 1e-9) * this.unit), "pause");
  }

  // For good: nothing is drawn or told any more.
  stop() {
    this.playing = false;
    this.target = null;
    this.tell = () => {};
  }

  jump(week, why = "jump") {
    this.target = null;
    this.week = Math.min(this.end, Math.max(0, Math.round(week / this.unit) * this.unit));
    if (this.playing && this.week >= this.end) this.playing = false;
    this.tell(this.playing ? "seek" : why);
  }

  step(direction) {
    const from = this.target ?? this.week;
    this.playing = false;
    const to = Math.min(this.end, Math.max(0, Math.round(from / this.unit) * this.unit + direction * this.unit));
    this.glide(to, "step");
  }

  glide(to, why) {
    this.why = why;
    if (this.calm.matches || to === this.week) {
      this.jump(to, why);
      return;
    }
    if (Math.abs(to - this.week) > this.unit) this.week = to - Math.sign(to - this.week) * this.unit;
    this.target = to;
    this.start();
  }

  start() {
    if (this.running) return;
    this.running = true;
    this.last = performance.now();
    requestAnimationFrame(this.frame);
  }

  frame(now) {
    const passed = Math.min(100, Math.max(0, now - this.last));
    this.last = now;
    if (this.playing) {
      const forward = Math.min(this.unit, (passed / 1000) * this.speed); // so that no week is left out
      this.week = Math.min(this.end, this.week + forward);
      if (this.week >= this.end) {
        this.playing = false;
        this.running = false;
        this.tell("end");
        return;
      }
    } else if (this.target !== null) {
      const left = this.target - this.week, forward = (passed / GLIDE) * this.unit;
      if (Math.abs(left) <= forward) {
        this.running = false;
        this.jump(this.target, this.why);
        return;
      }
      this.week += Math.sign(left) * forward;
    } else {
      this.running = false;
      return;
    }
    this.tell("frame");
    requestAnimationFrame(this.frame);
  }
}
