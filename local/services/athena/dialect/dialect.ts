// dialect: the door to Trino's dialect. Its grammar takes a fifth of a second to load, so that nobody imports this: it is
// required with the first query.

export { compile } from "./compile";
export { expressionOf, parameterPlaces, parse, queryIn } from "./syntax";
