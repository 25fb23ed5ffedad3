/** What the clocks of a device and a server may differ by without being set right: a `Date` header knows no less than seconds. */
const TOLERANCE = 5000;

/** The server's clock, as far as it is known. */
export class Clock {
  /**
   * @param {number} offset what is added to the device's clock, in milliseconds
   * @param {(offset: number) => void} keep is told of every change
   */
  constructor(offset = 0, keep = () => {}) {
    this.offset = offset;
    this.keep = keep;
  }

  /** Unix milliseconds. */
  now() {
    return Date.now() + this.offset;
  }

  /**
   * Learns from an answer's `Date`; true when the clock was set.
   * @param {string | null} date
   */
  learn(date) {
    const told = Date.parse(date ?? '');
    if (Number.isNaN(told) || Math.abs(told - this.now()) <= TOLERANCE) return false;
    const offset = told - Date.now();
    this.offset = Math.abs(offset) <= TOLERANCE ? 0 : offset;
    this.keep(this.offset);
    return true;
  }
}
