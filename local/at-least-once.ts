// at-least-once: AWS promises that a notification, an event or a schedule arrives at least once, and nothing more.

/** One delivery in this many comes twice. */
const twiceIn = 10;

/** Gives what makes each delivery, and now and then makes it again. */
export function atLeastOnce(): (deliver: () => void) => void {
  let deliveries = 0;
  return (deliver) => {
    deliveries += 1;
    deliver();
    if (deliveries % twiceIn === 0) deliver();
  };
}
