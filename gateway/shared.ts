/** The work, done once for all who ask for the same name while it goes on; they get one result. */
export function shared<Result>(work: (name: string) => Promise<Result>): (name: string) => Promise<Result> {
  const underWay = new Map<string, Promise<Result>>();
  return (name) => {
    const running = underWay.get(name);
    if (running) return running;
    const result = work(name).finally(() => underWay.delete(name));
    underWay.set(name, result);
    return result;
  };
}
