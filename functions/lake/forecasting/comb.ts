// comb: the mean of several forecasts, step by step. Of simple exponential smoothing, Holt and damped Holt it is the benchmark
// "Comb" of the M competitions: what the three have in common is mostly right, and what each errs in partly cancels.

export function comb(forecasts: readonly (readonly number[])[]): number[] {
  const [first = []] = forecasts;
  return first.map((_, step) => {
    const sum = forecasts.reduce((total, forecast) => total + (forecast[step] ?? Number.NaN), 0);
    return sum / forecasts.length;
  });
}
