// QR codes, by the browser's BarcodeDetector (Shape Detection API), which not every browser has.

/** @typedef {{ detect(source: ImageBitmapSource): Promise<{ rawValue: string }[]> }} Detector */

const LOOK_EVERY = 200;

/**
 * What reads QR codes; undefined where this browser has none.
 * @returns {Promise<Detector | undefined>}
 */
export async function findDetector() {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector;
  const formats = await Detector?.getSupportedFormats?.().catch(() => []);
  return formats?.includes('qr_code') ? new Detector({ formats: ['qr_code'] }) : undefined;
}

/**
 * The texts of the QR codes in a picture; none where it is no picture.
 * @param {Detector} detector
 * @param {Blob} file
 */
export async function readPicture(detector, file) {
  try {
    const picture = await createImageBitmap(file);
    const found = await detector.detect(picture);
    picture.close();
    return found.map(code => code.rawValue);
  } catch {
    return [];
  }
}

/**
 * Shows the camera's picture and looks for codes until one is accepted; throws where there is no camera, or it may not be used.
 * @param {Detector} detector
 * @param {HTMLVideoElement} video
 * @param {(text: string) => boolean} accept
 * @param {AbortSignal} signal ends it
 */
export async function scan(detector, video, accept, signal) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } });
  const stop = () => stream.getTracks().forEach(track => track.stop());
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) return;
    video.srcObject = stream;
    await video.play();
    while (!signal.aborted) {
      const found = await detector.detect(video).catch(() => []);
      if (!signal.aborted && found.some(code => accept(code.rawValue))) return;
      await new Promise(resolve => setTimeout(resolve, LOOK_EVERY));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stop();
  }
}
