/** What controllers write into a status by their own clock. */
const STAMPS = /"(startTime|completionTime|lastTransitionTime|lastProbeTime|lastUpdateTime)":"([^"]+)"/g;

/** JSON whose stamps are those of a control plane whose clock is wrong by so many seconds. */
export function restamp(text: string, seconds: number): string {
  return text.replace(STAMPS, (_all, key: string, stamp: string) => {
    const wrong = new Date(Date.parse(stamp) + seconds * 1_000);
    return `"${key}":"${wrong.toISOString().replace(".000Z", "Z")}"`;
  });
}
