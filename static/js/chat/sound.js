/* A short sound for events on a page that is not looked at. */

let context = null; // one for the page: a browser allows few of them

/** `tones`: pairs of a frequency in hertz and a start in seconds. */
export function playTones(tones, { volume, seconds }) {
  // Before the first click or key in this tab browsers play no sound, and log a warning.
  if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return;
  try {
    context = context || new (window.AudioContext || window.webkitAudioContext)();
    context.resume();
    for (const [frequency, start] of tones) {
      const tone = context.createOscillator();
      const gain = context.createGain();
      const at = context.currentTime + start;
      tone.frequency.value = frequency;
      gain.gain.setValueAtTime(volume, at);
      gain.gain.exponentialRampToValueAtTime(0.001, at + seconds);
      tone.connect(gain).connect(context.destination);
      tone.start(at);
      tone.stop(at + seconds);
    }
  } catch (_error) {
    // No sound on this device.
  }
}
