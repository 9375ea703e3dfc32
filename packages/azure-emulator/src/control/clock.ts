/** The emulator's time relative to the wall clock. Stored with the state. */
export interface ClockSetting {
  /** Milliseconds added to the wall clock. */
  offsetMs: number;
  /** Current time while frozen, in milliseconds since 1970. */
  frozenAt?: number;
}

/**
 * The one source of time for everything that Azure dates or delays. It can be moved and frozen;
 * only tokens and certificates use the wall clock.
 */
export class Clock {
  constructor(
    private readonly wall: () => number,
    private setting: ClockSetting,
    private readonly changed: (setting: ClockSetting) => void,
  ) {}

  now(): number {
    return this.setting.frozenAt ?? this.wall() + this.setting.offsetMs;
  }

  get frozen(): boolean {
    return this.setting.frozenAt !== undefined;
  }

  advance(ms: number) {
    if (this.setting.frozenAt !== undefined) {
      this.change({ ...this.setting, frozenAt: this.setting.frozenAt + ms });
    } else {
      this.change({ offsetMs: this.setting.offsetMs + ms });
    }
  }

  /** Stops time, now or at the given moment. */
  freeze(at: number = this.now()) {
    this.change({ offsetMs: this.setting.offsetMs, frozenAt: at });
  }

  /** Time continues from where it was stopped. */
  unfreeze() {
    this.set(this.now(), { frozen: false });
  }

  set(at: number, options: { frozen: boolean } = { frozen: this.frozen }) {
    this.change({
      offsetMs: at - this.wall(),
      ...(options.frozen && { frozenAt: at }),
    });
  }

  /** Back to the wall clock. */
  reset() {
    this.change({ offsetMs: 0 });
  }

  private change(setting: ClockSetting) {
    this.setting = setting;
    this.changed(setting);
  }
}
