// behind-door: one service behind the real door, for the tests of the service.

import type { TestContext } from "node:test";
import { systemClock } from "../clock";
import { s3 as openS3 } from "../services/s3/s3";
import { temporaryDirectory } from "../temporary-directory";
import { openDoor } from "./door";
import { journal } from "./journal";
import type { Principal } from "./principals";
import type { Need, Service } from "./service";

/** Ends with the test `t`, at the latest. */
export async function behindDoor(t: Pick<TestContext, "after">, service: Service) {
  const record = journal();
  const principals: Principal[] = [];
  // The door serves S3 beside any other service.
  const s3 = openS3({ directory: temporaryDirectory(), clock: systemClock(), onEvent: () => undefined });
  const door = await openDoor({
    s3,
    services: [service],
    principals: (accessKeyId) => principals.find((each) => each.accessKeyId === accessKeyId),
    journal: record,
  });
  let ended: Promise<void> | undefined;
  const end = () => {
    ended ??= door.end().then(s3.end);
    return ended;
  };
  t.after(end);

  return {
    record,
    end,
    /** For a client of somebody who may do that one thing, or everything. */
    config(may?: Pick<Need, "action" | "resource">) {
      const number = principals.length + 1;
      const principal: Principal = {
        name: `principal-${number}`,
        arn: `arn:aws:iam::123456789012:user/principal-${number}`,
        accessKeyId: `AKIA${number}`,
        secretAccessKey: `secret of ${number}`,
        policies: may ? [{ Statement: [{ Effect: "Allow", Action: may.action, Resource: may.resource }] }] : "all",
      };
      principals.push(principal);
      return { endpoint: door.url, region: "eu-central-1", credentials: principal, maxAttempts: 1 };
    },
  };
}
