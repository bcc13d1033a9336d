import { bed } from "./bed";
import { makeNamespace, removeNamespace } from "./kubectl";
import { TestStack } from "./stack";

/** The stacks of one test file, in a namespace of its own. */
export interface Stacks {
  /** A stack with that program. */
  make(name: string, program: string): TestStack;
  /** A stack with the program of an example. */
  example(name: string): TestStack;
  /** A stack whose program finds the packages of that folder. */
  makeIn(home: string, name: string, program: string): TestStack;
  readonly open: () => Promise<void>;
  /** Destroys all of them: a stack that cannot be destroyed fails the file. */
  readonly close: () => Promise<void>;
}

/** Stacks whose resources go to that namespace. */
export function stacksIn(namespace: string): Stacks {
  const made: TestStack[] = [];
  const keep = (stack: TestStack): TestStack => {
    made.push(stack);
    return stack;
  };
  const makeIn: Stacks["makeIn"] = (home, name, program) => {
    const stack = keep(new TestStack(name, namespace, home));
    stack.write(program);
    return stack;
  };
  return {
    makeIn,
    make: (name, program) => makeIn(bed().project, name, program),
    example: (name) => {
      const stack = keep(new TestStack(name, namespace));
      stack.copyExample(name);
      return stack;
    },
    open: () => makeNamespace(namespace),
    close: async () => {
      await Promise.all(made.map((stack) => stack.close()));
      await removeNamespace(namespace);
    },
  };
}
