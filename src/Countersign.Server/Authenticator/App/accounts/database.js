const NAME = 'countersign-authenticator';
const VERSION = 1;
/** What is kept, and the member that names each. */
const STORES = { accounts: 'factor', registrations: 'ticket', settings: 'name' };

/** @typedef {keyof typeof STORES} Store */

/** What the app keeps on this device: the browser's IndexedDB, which also keeps keys that nobody can read. */
export class Database {
  #database;

  /** @param {IDBDatabase} database */
  constructor(database) {
    this.#database = database;
    // A newer version of the app, in another window, wants to go on.
    database.onversionchange = () => database.close();
  }

  /** @returns {Promise<Database>} */
  static async open() {
    const opening = indexedDB.open(NAME, VERSION);
    opening.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(STORES)) opening.result.createObjectStore(store, { keyPath });
    };
    return new Database(await done(opening));
  }

  /**
   * @param {Store} store
   * @returns {Promise<any[]>}
   */
  all(store) {
    return done(this.#store(store, 'readonly').getAll());
  }

  /**
   * @param {Store} store
   * @param {string} key
   * @returns {Promise<any>}
   */
  get(store, key) {
    return done(this.#store(store, 'readonly').get(key));
  }

  /**
   * @param {Store} store
   * @param {object} value
   */
  put(store, value) {
    return done(this.#store(store, 'readwrite').put(value));
  }

  /**
   * @param {Store} store
   * @param {string} key
   */
  delete(store, key) {
    return done(this.#store(store, 'readwrite').delete(key));
  }

  /**
   * @param {Store} store
   * @param {IDBTransactionMode} mode
   */
  #store(store, mode) {
    return this.#database.transaction(store, mode, { durability: 'strict' }).objectStore(store);
  }
}

/**
 * The request's result, once its transaction is over.
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const { transaction } = request;
      if (!transaction || transaction.mode !== 'readwrite') return resolve(request.result);
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    };
  });
}
