/** The longest event that is read, in characters. */
const LONGEST = 1_000_000;

/** @typedef {{ type: string, data: string }} ServerEvent */

/** Reads a stream of server-sent events (HTML Living Standard §9.2.6), piece by piece. */
export class EventReader {
  #rest = '';
  #type = '';
  #data = '';

  /**
   * The events that this piece completes; throws where one is too long.
   * @param {string} piece
   * @returns {ServerEvent[]}
   */
  read(piece) {
    this.#rest += piece;
    const events = [];
    for (;;) {
      // A carriage return at the end may be half of a line's end: its other half comes with the next piece.
      const end = /\r\n|\n|\r(?!$)/.exec(this.#rest);
      if (!end) break;
      const line = this.#rest.slice(0, end.index);
      this.#rest = this.#rest.slice(end.index + end[0].length);
      if (line !== '') this.#field(line);
      else if (this.#data !== '') events.push(this.#dispatch());
      else this.#type = '';
    }
    if (this.#rest.length + this.#data.length > LONGEST) throw new RangeError('an event is too long');
    return events;
  }

  /** @param {string} line */
  #field(line) {
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === 'event') this.#type = value;
    if (name === 'data') this.#data += value + '\n';
  }

  #dispatch() {
    const event = { type: this.#type || 'message', data: this.#data.slice(0, -1) };
    this.#type = this.#data = '';
    return event;
  }
}
