// The syntax that herd7 reads, as far as a litmus test of this project may use it: a checker written from herd7's grammars of C threads, of
// initial states and of conditions (lib/CParser.mly, lib/stateParser.mly), far stricter than our own reader. No negation and no `&&`, no
// empty block, no list of declarators, decimal numbers, one pointer type a parameter, names that are no words of the lexer.

const keywords = new Set(
  "int char long void struct volatile const if else while lock unlock mtx_lock mtx_unlock spinlock_t atomic_t intptr_t uintptr_t".split(
    " ",
  ),
);
const types = new Set(["int", "char", "long", "void", "spinlock_t", "atomic_t", "intptr_t"]);
const functions = new Set(
  (
    "READ_ONCE WRITE_ONCE smp_load_acquire smp_store_release rcu_dereference rcu_assign_pointer smp_store_mb smp_mb smp_rmb smp_wmb xchg " +
    "cmpxchg spin_lock spin_unlock rcu_read_lock rcu_read_unlock synchronize_rcu atomic_dec_return atomic_add_return"
  ).split(" "),
);

/** Throws an `Error` that names the place where a text leaves the syntax. */
export function checkHerdSyntax(text: string): void {
  new HerdSyntax(text).test();
}

class HerdSyntax {
  private readonly text: string;
  private at = 0;
  private names = new Set<string>();

  constructor(text: string) {
    this.text = text;
  }

  test(): void {
    this.match(/C [A-Za-z0-9_+.-]+\n/y, "`C name`");
    this.want("{");
    while (!this.takes("}")) {
      this.name();
      this.want("=");
      this.take(/[A-Za-z][A-Za-z0-9_]*|[0-9]+/y, "an initial value");
      this.want(";");
    }
    for (let n = 0; this.sees("P"); n++) this.thread(n);
    if (this.takes("filter")) this.proposition();
    this.want("exists");
    if (!this.sees("(")) this.fail("`(`");
    this.proposition();
    this.blank();
    if (this.at < this.text.length) this.fail("the end");
  }

  private thread(n: number): void {
    this.want(`P${n}`);
    this.want("(");
    this.names = new Set();
    while (!this.takes(")")) {
      this.type();
      this.want("*");
      while (this.takes("*"));
      this.newName();
      if (!this.sees(")")) this.want(",");
    }
    this.block();
  }

  private block(): void {
    this.want("{");
    if (this.sees("}")) this.fail("a statement");
    while (!this.takes("}")) this.statement();
  }

  private statement(): void {
    if (this.takes("if")) {
      this.want("(");
      this.expression();
      this.want(")");
      this.block();
      if (this.takes("else")) this.block();
      return;
    }
    const word = this.peek(/[A-Za-z_][A-Za-z0-9_]*/y);
    if (types.has(word)) {
      this.type();
      while (this.takes("*"));
      this.newName();
      this.want("=");
      this.expression();
    } else if (functions.has(word)) this.call();
    else {
      this.known();
      this.want("=");
      this.expression();
    }
    this.want(";");
  }

  private expression(): void {
    this.operand();
    const operator = this.peek(/==|!=|<=|>=|[-+*/<>&|^]/y);
    if (operator === "") return;
    this.want(operator);
    this.operand();
  }

  private operand(): void {
    if (this.takes("(")) {
      this.expression();
      this.want(")");
    } else if (this.takes("*")) this.known();
    else if (/^[0-9]/.test(this.peek(/[0-9]/y)))
      this.take(/[0-9]+(?![A-Za-z0-9_])/y, "a decimal number");
    else if (functions.has(this.peek(/[A-Za-z_][A-Za-z0-9_]*/y))) this.call();
    else this.known();
  }

  private call(): void {
    this.take(/[A-Za-z_][A-Za-z0-9_]*/y, "a function");
    this.want("(");
    while (!this.takes(")")) {
      this.expression();
      if (!this.sees(")")) this.want(",");
    }
  }

  private proposition(): void {
    this.want("(");
    for (;;) {
      if (this.sees("(")) this.proposition();
      else {
        this.take(/[0-9]+:[A-Za-z_][A-Za-z0-9_]*|[A-Za-z][A-Za-z0-9_]*/y, "a place");
        this.want("=");
        this.take(/[A-Za-z][A-Za-z0-9_]*|[0-9]+/y, "a value");
      }
      if (this.takes(")")) return;
      this.take(/\/\\|\\\//y, "`/\\` or `\\/`");
    }
  }

  private type(): void {
    const word = this.take(/[A-Za-z_][A-Za-z0-9_]*/y, "a type");
    if (!types.has(word)) this.fail(`a type, not ${word}`);
  }

  private newName(): void {
    const name = this.name();
    if (this.names.has(name)) this.fail(`a name other than ${name}`);
    this.names.add(name);
  }

  private known(): void {
    const name = this.name();
    if (!this.names.has(name)) this.fail(`a declared name, not ${name}`);
  }

  private name(): string {
    const name = this.take(/[A-Za-z][A-Za-z0-9_]*/y, "a name");
    if (keywords.has(name) || functions.has(name) || /^P[0-9]+$/.test(name)) {
      this.fail(`a name, not the word ${name}`);
    }
    return name;
  }

  private blank(): void {
    this.match(/(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\(\*\s[\s\S]*?\*\))*/y, "blanks");
  }

  private sees(word: string): boolean {
    this.blank();
    return this.text.startsWith(word, this.at);
  }

  private takes(word: string): boolean {
    if (!this.sees(word)) return false;
    this.at += word.length;
    return true;
  }

  private want(word: string): void {
    if (!this.takes(word)) this.fail(`\`${word}\``);
  }

  private peek(pattern: RegExp): string {
    this.blank();
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0] ?? "";
  }

  private take(pattern: RegExp, what: string): string {
    this.blank();
    return this.match(pattern, what);
  }

  private match(pattern: RegExp, what: string): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) this.fail(what);
    this.at += found.length;
    return found;
  }

  private fail(wanted: string): never {
    const line = this.text.slice(0, this.at).split("\n").length;
    throw new Error(
      `line ${line}: herd7 wants ${wanted}: ${this.text.slice(this.at, this.at + 40)}`,
    );
  }
}
