// A route that fails: whoever asks gets a 500 that says nothing, and the reason is in its log. It is woken by what is no
// request.

import { openapi } from "../../schemas/endpoints/openapi";
import { answer } from "../answer";

export const factory = () => answer(openapi, async () => ({ openapi: "3.1.0" as const, paths: {} }));
