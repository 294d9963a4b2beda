// The grammar: tokens to a concrete syntax tree, nothing else. LL(2): two tokens always decide (`name :` starts a field, `expect
// expr` does not). The rules stand in the order of the reference: program, declarations, experiments, commands, policies, expressions.
//
// Newlines mean nothing and the comma between members is optional, so after an expression the next word may either continue it
// (`within`, `at`, `by`) or be the name of the next field. `continues()` decides: a word followed by `:` or `.` is a field name.

import {type CstNode, CstParser, type IToken, type ParserMethod} from "chevrotain";
import * as t from "./tokens.ts";

type Rule = ParserMethod<[], CstNode>;

export class QuiesceParser extends CstParser {
  /** `validate`: let Chevrotain look for ambiguities (slow; the tests do). */
  constructor(options: {readonly validate: boolean} = {validate: false}) {
    super(t.vocabulary as IToken["tokenType"][], {
      maxLookahead: 2,
      nodeLocationTracking: "onlyOffset",
      recoveryEnabled: false,
      skipValidations: !options.validate,
    });
    this.performSelfAnalysis();
  }

  // Whether the next word continues the expression or command before it, rather than naming a field.
  private continues(): boolean {
    const second = this.LA(2).tokenType;
    return second !== t.Colon && second !== t.Dot;
  }

  // Whether a comma is followed by another element, rather than by a field of the enclosing block.
  private goesOn(): boolean {
    return this.LA(3).tokenType !== t.Colon;
  }

  readonly program: Rule = this.RULE("program", () => {
    this.MANY(() => this.SUBRULE(this.item));
  });

  readonly item: Rule = this.RULE("item", () => {
    this.OR([
      {ALT: () => this.SUBRULE(this.importDecl)},
      {ALT: () => this.SUBRULE(this.letDecl)},
      {ALT: () => this.SUBRULE(this.paramDecl)},
      {ALT: () => this.SUBRULE(this.entityDecl)},
      {ALT: () => this.SUBRULE(this.scenarioDecl)},
      {ALT: () => this.SUBRULE(this.policyDecl)},
      {ALT: () => this.SUBRULE(this.experimentDecl)},
      {ALT: () => this.SUBRULE(this.checkCmd)},
      {ALT: () => this.SUBRULE(this.runCmd)},
      {ALT: () => this.SUBRULE(this.plotCmd)},
      {ALT: () => this.SUBRULE(this.tableCmd)},
      {ALT: () => this.SUBRULE(this.exportCmd)},
      {ALT: () => this.SUBRULE(this.showCmd)},
      {ALT: () => this.SUBRULE(this.replayCmd)},
    ]);
    this.OPTION(() => this.CONSUME(t.SEPARATOR));
  });

  readonly importDecl: Rule = this.RULE("importDecl", () => {
    this.CONSUME(t.word.import);
    this.CONSUME(t.STRINGLIT);
    this.OPTION(() => {
      this.CONSUME(t.word.as);
      this.CONSUME(t.IDENTIFIER);
    });
  });

  readonly letDecl: Rule = this.RULE("letDecl", () => {
    this.CONSUME(t.word.let);
    this.CONSUME(t.IDENTIFIER);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.type);
    });
    this.CONSUME(t.Equal);
    this.SUBRULE(this.expr);
  });

  readonly paramDecl: Rule = this.RULE("paramDecl", () => {
    this.CONSUME(t.word.param);
    this.CONSUME(t.IDENTIFIER);
    this.OPTION1(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.type);
    });
    this.OPTION2({
      GATE: () => this.continues(),
      DEF: () => {
        this.CONSUME(t.word.in);
        this.SUBRULE(this.rangeExpr);
      },
    });
    this.OPTION3(() => {
      this.CONSUME(t.Equal);
      this.SUBRULE(this.expr);
    });
  });

  readonly type: Rule = this.RULE("type", () => {
    this.CONSUME(t.NAME);
    this.OPTION(() => {
      this.CONSUME(t.Less);
      this.SUBRULE(this.type);
      this.CONSUME(t.Greater);
    });
  });

  readonly entityDecl: Rule = this.RULE("entityDecl", () => {
    this.CONSUME(t.ENTITYKIND);
    this.CONSUME(t.IDENTIFIER);
    this.OPTION(() => this.SUBRULE(this.fromClause));
    this.SUBRULE(this.fieldBlock);
  });

  readonly fromClause: Rule = this.RULE("fromClause", () => {
    this.CONSUME(t.word.from);
    this.SUBRULE(this.path);
  });

  readonly scenarioDecl: Rule = this.RULE("scenarioDecl", () => {
    this.CONSUME(t.word.scenario);
    this.CONSUME(t.IDENTIFIER);
    this.OPTION(() => this.SUBRULE(this.fromClause));
    this.CONSUME(t.LCurly);
    this.MANY(() => this.SUBRULE(this.scenarioMember));
    this.CONSUME(t.RCurly);
  });

  readonly scenarioMember: Rule = this.RULE("scenarioMember", () => {
    this.OR([
      {ALT: () => this.SUBRULE(this.field)},
      {ALT: () => this.SUBRULE(this.letDecl)},
      {ALT: () => this.SUBRULE(this.paramDecl)},
      {ALT: () => this.SUBRULE(this.entityDecl)},
    ]);
    this.OPTION(() => this.CONSUME(t.SEPARATOR));
  });

  readonly fieldBlock: Rule = this.RULE("fieldBlock", () => {
    this.CONSUME(t.LCurly);
    this.MANY(() => {
      this.SUBRULE(this.field);
      this.OPTION(() => this.CONSUME(t.SEPARATOR));
    });
    this.CONSUME(t.RCurly);
  });

  readonly field: Rule = this.RULE("field", () => {
    this.SUBRULE(this.path);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.expr);
  });

  readonly path: Rule = this.RULE("path", () => {
    this.CONSUME(t.NAME);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.CONSUME1(t.NAME);
    });
  });

  readonly policyDecl: Rule = this.RULE("policyDecl", () => {
    this.CONSUME(t.word.policy);
    this.CONSUME(t.IDENTIFIER);
    this.OPTION(() => this.SUBRULE(this.fromClause));
    this.CONSUME(t.LCurly);
    this.MANY(() => this.SUBRULE(this.policyMember));
    this.CONSUME(t.RCurly);
  });

  readonly policyMember: Rule = this.RULE("policyMember", () => {
    this.OR([
      {ALT: () => this.SUBRULE(this.field)},
      {ALT: () => this.SUBRULE(this.letDecl)},
      {ALT: () => this.SUBRULE(this.paramDecl)},
      {ALT: () => this.SUBRULE(this.stateDecl)},
      {ALT: () => this.SUBRULE(this.hook)},
    ]);
    this.OPTION(() => this.CONSUME(t.SEPARATOR));
  });

  readonly stateDecl: Rule = this.RULE("stateDecl", () => {
    this.CONSUME(t.word.state);
    this.OR([
      {ALT: () => this.CONSUME(t.word.percpu)},
      {ALT: () => this.CONSUME(t.word.permm)},
      {ALT: () => this.CONSUME(t.word.global)},
    ]);
    this.CONSUME(t.IDENTIFIER);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.type);
    });
    this.CONSUME(t.Equal);
    this.SUBRULE(this.expr);
  });

  readonly hook: Rule = this.RULE("hook", () => {
    this.CONSUME(t.word.on);
    this.CONSUME(t.IDENTIFIER);
    this.SUBRULE(this.steps);
  });

  readonly steps: Rule = this.RULE("steps", () => {
    this.CONSUME(t.LCurly);
    this.MANY(() => {
      this.SUBRULE(this.step);
      this.OPTION(() => this.CONSUME(t.SEPARATOR));
    });
    this.CONSUME(t.RCurly);
  });

  readonly step: Rule = this.RULE("step", () => {
    this.OR([
      {ALT: () => this.SUBRULE(this.storeStep)},
      {ALT: () => this.CONSUME(t.BARESTEP)},
      {ALT: () => this.SUBRULE(this.ipiStep)},
      {ALT: () => this.SUBRULE(this.waitStep)},
      {ALT: () => this.SUBRULE(this.deferStep)},
      {ALT: () => this.SUBRULE(this.flushStep)},
      {ALT: () => this.SUBRULE(this.delayStep)},
      {ALT: () => this.SUBRULE(this.skipStep)},
      {ALT: () => this.SUBRULE(this.countStep)},
      {ALT: () => this.SUBRULE(this.lockStep)},
      {ALT: () => this.SUBRULE(this.ifStep)},
      {ALT: () => this.SUBRULE(this.forStep)},
      {ALT: () => this.SUBRULE(this.letDecl)},
    ]);
  });

  readonly storeStep: Rule = this.RULE("storeStep", () => {
    this.CONSUME(t.STORESTEP);
    this.SUBRULE(this.place);
    this.CONSUME(t.Equal);
    this.SUBRULE(this.expr);
  });

  readonly place: Rule = this.RULE("place", () => {
    this.SUBRULE(this.path);
    this.OPTION(() => {
      this.CONSUME(t.LSquare);
      this.SUBRULE(this.expr);
      this.CONSUME(t.RSquare);
    });
  });

  readonly ipiStep: Rule = this.RULE("ipiStep", () => {
    this.CONSUME(t.word.ipi);
    this.SUBRULE(this.expr);
    this.OPTION(() => this.CONSUME(t.word.nowait));
  });

  readonly waitStep: Rule = this.RULE("waitStep", () => {
    this.CONSUME(t.word.wait);
    this.OR([
      {ALT: () => this.CONSUME(t.word.acks)},
      {
        ALT: () => {
          this.CONSUME(t.word.gp);
          this.OPTION(() => this.CONSUME(t.word.expedited));
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.word.until);
          this.SUBRULE(this.expr);
          this.OPTION1(() => {
            this.OR1([
              {ALT: () => this.CONSUME(t.word.spin)},
              {ALT: () => this.CONSUME(t.word.sleep)},
            ]);
          });
        },
      },
    ]);
  });

  readonly deferStep: Rule = this.RULE("deferStep", () => {
    this.CONSUME(t.word.defer);
    this.OPTION(() => this.CONSUME(t.word.expedited));
    this.SUBRULE(this.steps);
  });

  readonly flushStep: Rule = this.RULE("flushStep", () => {
    this.CONSUME(t.word.flush);
    this.SUBRULE(this.expr);
  });

  readonly delayStep: Rule = this.RULE("delayStep", () => {
    this.CONSUME(t.word.delay);
    this.SUBRULE(this.expr);
  });

  readonly skipStep: Rule = this.RULE("skipStep", () => {
    this.CONSUME(t.word.skip);
    this.OPTION(() => {
      this.CONSUME(t.word.when);
      this.SUBRULE(this.expr);
    });
  });

  readonly countStep: Rule = this.RULE("countStep", () => {
    this.CONSUME(t.word.count);
    this.CONSUME(t.IDENTIFIER);
  });

  readonly lockStep: Rule = this.RULE("lockStep", () => {
    this.OR([{ALT: () => this.CONSUME(t.word.lock)}, {ALT: () => this.CONSUME(t.word.unlock)}]);
    this.CONSUME(t.IDENTIFIER);
  });

  readonly ifStep: Rule = this.RULE("ifStep", () => {
    this.CONSUME(t.word.if);
    this.SUBRULE(this.expr);
    this.SUBRULE(this.steps, {LABEL: "then"});
    this.OPTION(() => {
      this.CONSUME(t.word.else);
      this.OR([
        {ALT: () => this.SUBRULE1(this.steps, {LABEL: "otherwise"})},
        {ALT: () => this.SUBRULE(this.ifStep)},
      ]);
    });
  });

  readonly forStep: Rule = this.RULE("forStep", () => {
    this.CONSUME(t.word.for);
    this.CONSUME(t.IDENTIFIER);
    this.CONSUME(t.word.in);
    this.SUBRULE(this.expr, {LABEL: "of"});
    this.OPTION(() => {
      this.CONSUME(t.word.where);
      this.SUBRULE1(this.expr, {LABEL: "where"});
    });
    this.SUBRULE(this.steps);
  });

  readonly experimentDecl: Rule = this.RULE("experimentDecl", () => {
    this.CONSUME(t.word.experiment);
    this.CONSUME(t.IDENTIFIER);
    this.OPTION(() => this.SUBRULE(this.fromClause));
    this.CONSUME(t.LCurly);
    this.MANY(() => this.SUBRULE(this.experimentMember));
    this.CONSUME(t.RCurly);
  });

  readonly experimentMember: Rule = this.RULE("experimentMember", () => {
    this.OR([
      {ALT: () => this.SUBRULE(this.field)},
      {ALT: () => this.SUBRULE(this.letDecl)},
      {ALT: () => this.SUBRULE(this.paramDecl)},
      {ALT: () => this.SUBRULE(this.entityDecl)},
      {ALT: () => this.SUBRULE(this.withBlock)},
      {ALT: () => this.SUBRULE(this.sweepBlock)},
      {ALT: () => this.SUBRULE(this.measureBlock)},
      {ALT: () => this.SUBRULE(this.expectStmt)},
      {ALT: () => this.SUBRULE(this.untilStmt)},
      {ALT: () => this.SUBRULE(this.compareStmt)},
      {ALT: () => this.SUBRULE(this.plotCmd)},
      {ALT: () => this.SUBRULE(this.tableCmd)},
      {ALT: () => this.SUBRULE(this.exportCmd)},
    ]);
    this.OPTION(() => this.CONSUME(t.SEPARATOR));
  });

  readonly withBlock: Rule = this.RULE("withBlock", () => {
    this.CONSUME(t.word.with);
    this.SUBRULE(this.fieldBlock);
  });

  readonly measureBlock: Rule = this.RULE("measureBlock", () => {
    this.CONSUME(t.word.measure);
    this.SUBRULE(this.fieldBlock);
  });

  readonly sweepBlock: Rule = this.RULE("sweepBlock", () => {
    this.CONSUME(t.word.sweep);
    this.OPTION(() => this.SUBRULE(this.sweepMode));
    this.CONSUME(t.LCurly);
    this.MANY(() => this.SUBRULE(this.sweepMember));
    this.CONSUME(t.RCurly);
  });

  readonly sweepMode: Rule = this.RULE("sweepMode", () => {
    this.OR([
      {ALT: () => this.CONSUME(t.word.grid)},
      {ALT: () => this.CONSUME(t.word.zip)},
      {ALT: () => this.CONSUME(t.word.each)},
      {ALT: () => this.CONSUME(t.word.pairwise)},
      {
        ALT: () => {
          this.CONSUME(t.word.random);
          this.CONSUME(t.IntLit);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.word.lhs);
          this.CONSUME1(t.IntLit);
        },
      },
    ]);
  });

  readonly sweepMember: Rule = this.RULE("sweepMember", () => {
    this.OR([
      {ALT: () => this.SUBRULE(this.field)},
      {ALT: () => this.SUBRULE(this.whereClause)},
      {ALT: () => this.SUBRULE(this.sweepBlock)},
    ]);
    this.OPTION(() => this.CONSUME(t.SEPARATOR));
  });

  readonly whereClause: Rule = this.RULE("whereClause", () => {
    this.CONSUME(t.word.where);
    this.SUBRULE(this.expr);
  });

  readonly expectStmt: Rule = this.RULE("expectStmt", () => {
    this.CONSUME(t.word.expect);
    this.SUBRULE(this.expr, {LABEL: "test"});
    this.OPTION1({
      GATE: () => this.continues(),
      DEF: () => {
        this.OR([
          {
            ALT: () => {
              this.CONSUME(t.word.for);
              this.SUBRULE1(this.expr, {LABEL: "for"});
            },
          },
          {ALT: () => this.CONSUME(t.word.otherwise)},
        ]);
      },
    });
    this.OPTION2({
      GATE: () => this.continues(),
      DEF: () => this.SUBRULE(this.atClause),
    });
  });

  readonly untilStmt: Rule = this.RULE("untilStmt", () => {
    this.CONSUME(t.word.until);
    this.SUBRULE(this.expr);
    this.OPTION({
      GATE: () => this.continues(),
      DEF: () => this.SUBRULE(this.atClause),
    });
  });

  readonly atClause: Rule = this.RULE("atClause", () => {
    this.CONSUME(t.word.at);
    this.SUBRULE(this.expr);
  });

  readonly compareStmt: Rule = this.RULE("compareStmt", () => {
    this.CONSUME(t.word.compare);
    this.SUBRULE(this.path);
    this.CONSUME(t.word.against);
    this.SUBRULE(this.expr);
  });

  readonly runCmd: Rule = this.RULE("runCmd", () => {
    this.CONSUME(t.word.run);
    this.SUBRULE(this.path);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE1(this.path);
    });
    this.OPTION(() => this.SUBRULE(this.withBlock));
  });

  readonly plotCmd: Rule = this.RULE("plotCmd", () => {
    this.CONSUME(t.word.plot);
    this.SUBRULE(this.exprList);
    this.OPTION1({
      GATE: () => this.continues(),
      DEF: () => {
        this.CONSUME(t.word.vs);
        this.SUBRULE(this.expr);
      },
    });
    this.OPTION2({
      GATE: () => this.continues(),
      DEF: () => this.SUBRULE(this.byClause),
    });
    this.OPTION3({
      GATE: () => this.continues(),
      DEF: () => {
        this.CONSUME(t.word.facet);
        this.SUBRULE(this.path);
      },
    });
    this.OPTION4({
      GATE: () => this.continues(),
      DEF: () => {
        this.CONSUME(t.word.as);
        this.CONSUME(t.IDENTIFIER);
      },
    });
    this.OPTION5({
      GATE: () => this.continues(),
      DEF: () => this.SUBRULE(this.ofClause),
    });
    this.OPTION6(() => this.SUBRULE(this.fieldBlock));
  });

  readonly tableCmd: Rule = this.RULE("tableCmd", () => {
    this.CONSUME(t.word.table);
    this.SUBRULE(this.exprList);
    this.OPTION1({
      GATE: () => this.continues(),
      DEF: () => this.SUBRULE(this.byClause),
    });
    this.OPTION2({
      GATE: () => this.continues(),
      DEF: () => this.SUBRULE(this.whereClause),
    });
    this.OPTION3({
      GATE: () => this.continues(),
      DEF: () => this.SUBRULE(this.ofClause),
    });
    this.OPTION4(() => this.SUBRULE(this.fieldBlock));
  });

  readonly exprList: Rule = this.RULE("exprList", () => {
    this.SUBRULE(this.expr);
    this.MANY({
      GATE: () => this.goesOn(),
      DEF: () => {
        this.CONSUME(t.Comma);
        this.SUBRULE1(this.expr);
      },
    });
  });

  readonly byClause: Rule = this.RULE("byClause", () => {
    this.CONSUME(t.word.by);
    this.SUBRULE(this.path);
    this.MANY({
      GATE: () => this.goesOn(),
      DEF: () => {
        this.CONSUME(t.Comma);
        this.SUBRULE1(this.path);
      },
    });
  });

  readonly ofClause: Rule = this.RULE("ofClause", () => {
    this.CONSUME(t.word.of);
    this.SUBRULE(this.path);
  });

  readonly exportCmd: Rule = this.RULE("exportCmd", () => {
    this.CONSUME(t.word.export);
    this.CONSUME(t.STRINGLIT);
    this.OPTION({
      GATE: () => this.continues(),
      DEF: () => this.SUBRULE(this.ofClause),
    });
  });

  readonly showCmd: Rule = this.RULE("showCmd", () => {
    this.CONSUME(t.word.show);
    this.SUBRULE(this.expr);
  });

  readonly replayCmd: Rule = this.RULE("replayCmd", () => {
    this.CONSUME(t.word.replay);
    this.CONSUME(t.STRINGLIT);
    this.SUBRULE(this.ofClause);
    this.OPTION(() => this.SUBRULE(this.fieldBlock));
  });

  readonly checkCmd: Rule = this.RULE("checkCmd", () => {
    this.CONSUME(t.word.check);
    this.CONSUME(t.IDENTIFIER);
    this.CONSUME(t.word.of);
    this.SUBRULE(this.path);
    this.OPTION1(() => {
      this.CONSUME(t.word.for);
      this.SUBRULE(this.scope);
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.SUBRULE1(this.scope);
      });
    });
    this.OPTION2(() => {
      this.CONSUME(t.word.under);
      this.CONSUME1(t.IDENTIFIER, {LABEL: "under"});
    });
    this.OPTION3(() => this.SUBRULE(this.checkBlock));
  });

  readonly scope: Rule = this.RULE("scope", () => {
    this.OPTION(() => this.CONSUME(t.word.exactly));
    this.CONSUME(t.IntLit);
    this.CONSUME(t.NAME);
  });

  readonly checkBlock: Rule = this.RULE("checkBlock", () => {
    this.CONSUME(t.LCurly);
    this.MANY(() => this.SUBRULE(this.checkMember));
    this.CONSUME(t.RCurly);
  });

  readonly checkMember: Rule = this.RULE("checkMember", () => {
    this.OR([
      {ALT: () => this.SUBRULE(this.field)},
      {ALT: () => this.SUBRULE(this.withBlock)},
      {ALT: () => this.SUBRULE(this.expectStmt)},
    ]);
    this.OPTION(() => this.CONSUME(t.SEPARATOR));
  });

  readonly expr: Rule = this.RULE("expr", () => {
    this.SUBRULE(this.andExpr);
    this.MANY({
      GATE: () => this.continues(),
      DEF: () => {
        this.CONSUME(t.word.or);
        this.SUBRULE1(this.andExpr);
      },
    });
  });

  readonly andExpr: Rule = this.RULE("andExpr", () => {
    this.SUBRULE(this.notExpr);
    this.MANY({
      GATE: () => this.continues(),
      DEF: () => {
        this.CONSUME(t.word.and);
        this.SUBRULE1(this.notExpr);
      },
    });
  });

  readonly notExpr: Rule = this.RULE("notExpr", () => {
    this.MANY(() => this.CONSUME(t.word.not));
    this.SUBRULE(this.cmpExpr);
  });

  readonly cmpExpr: Rule = this.RULE("cmpExpr", () => {
    this.SUBRULE(this.rangeExpr, {LABEL: "left"});
    this.OPTION({
      GATE: () => this.continues(),
      DEF: () => {
        this.OR([
          {
            ALT: () => {
              this.CONSUME(t.COMPAREOP);
              this.SUBRULE1(this.rangeExpr, {LABEL: "right"});
            },
          },
          {
            ALT: () => {
              this.OPTION1(() => this.CONSUME(t.word.not));
              this.CONSUME(t.word.in);
              this.SUBRULE2(this.rangeExpr, {LABEL: "right"});
            },
          },
          {
            ALT: () => {
              this.CONSUME(t.word.within);
              this.SUBRULE3(this.rangeExpr, {LABEL: "tolerance"});
              this.OPTION2({
                GATE: () => this.continues(),
                DEF: () => {
                  this.CONSUME(t.word.of);
                  this.SUBRULE4(this.rangeExpr, {LABEL: "of"});
                },
              });
            },
          },
        ]);
      },
    });
  });

  readonly rangeExpr: Rule = this.RULE("rangeExpr", () => {
    this.SUBRULE(this.addExpr, {LABEL: "lo"});
    this.OPTION(() => {
      this.CONSUME(t.DotDot);
      this.SUBRULE1(this.addExpr, {LABEL: "hi"});
      this.OPTION1({
        GATE: () => this.continues(),
        DEF: () => this.SUBRULE(this.spacing),
      });
    });
  });

  readonly spacing: Rule = this.RULE("spacing", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.word.step);
          this.SUBRULE(this.addExpr);
        },
      },
      {
        ALT: () => {
          this.OR1([{ALT: () => this.CONSUME(t.word.log)}, {ALT: () => this.CONSUME(t.word.lin)}]);
          this.OPTION(() => this.CONSUME(t.IntLit));
        },
      },
    ]);
  });

  readonly addExpr: Rule = this.RULE("addExpr", () => {
    this.SUBRULE(this.mulExpr);
    this.MANY(() => {
      this.CONSUME(t.ADDOP);
      this.SUBRULE1(this.mulExpr);
    });
  });

  readonly mulExpr: Rule = this.RULE("mulExpr", () => {
    this.SUBRULE(this.unary);
    this.MANY(() => {
      this.CONSUME(t.MULOP);
      this.SUBRULE1(this.unary);
    });
  });

  readonly unary: Rule = this.RULE("unary", () => {
    this.OPTION(() => this.CONSUME(t.Minus));
    this.SUBRULE(this.postfix);
  });

  readonly postfix: Rule = this.RULE("postfix", () => {
    this.SUBRULE(this.primary);
    this.MANY(() => this.SUBRULE(this.suffix));
  });

  readonly suffix: Rule = this.RULE("suffix", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Dot);
          this.CONSUME(t.NAME);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LParen);
          this.OPTION(() => this.SUBRULE(this.args));
          this.CONSUME(t.RParen);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LSquare);
          this.SUBRULE1(this.args);
          this.CONSUME(t.RSquare);
        },
      },
    ]);
  });

  readonly args: Rule = this.RULE("args", () => {
    this.SUBRULE(this.arg);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE1(this.arg);
    });
    this.OPTION(() => this.CONSUME1(t.Comma));
  });

  readonly arg: Rule = this.RULE("arg", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.NAME);
          this.CONSUME(t.Colon);
          this.SUBRULE(this.expr);
        },
      },
      {ALT: () => this.SUBRULE1(this.expr)},
    ]);
  });

  readonly primary: Rule = this.RULE("primary", () => {
    this.OR([
      {ALT: () => this.CONSUME(t.NUMBERLIT)},
      {ALT: () => this.CONSUME(t.STRINGLIT)},
      {ALT: () => this.CONSUME(t.word.true)},
      {ALT: () => this.CONSUME(t.word.false)},
      {ALT: () => this.SUBRULE(this.group)},
      {ALT: () => this.SUBRULE(this.list)},
      {ALT: () => this.SUBRULE(this.ifExpr)},
      {
        GATE: () => this.continues(),
        ALT: () => this.SUBRULE(this.onceExpr),
      },
      {ALT: () => this.CONSUME(t.IDENTIFIER)},
      {ALT: () => this.CONSUME(t.ENTITYKIND)},
      {ALT: () => this.CONSUME(t.word.policy)},
    ]);
  });

  readonly group: Rule = this.RULE("group", () => {
    this.CONSUME(t.LParen);
    this.SUBRULE(this.expr);
    this.CONSUME(t.RParen);
  });

  readonly list: Rule = this.RULE("list", () => {
    this.CONSUME(t.LSquare);
    this.OPTION1(() => {
      this.SUBRULE(this.expr);
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.SUBRULE1(this.expr);
      });
      this.OPTION2(() => this.CONSUME1(t.Comma));
    });
    this.CONSUME(t.RSquare);
  });

  readonly ifExpr: Rule = this.RULE("ifExpr", () => {
    this.CONSUME(t.word.if);
    this.SUBRULE(this.expr, {LABEL: "test"});
    this.CONSUME(t.word.then);
    this.SUBRULE1(this.expr, {LABEL: "then"});
    this.CONSUME(t.word.else);
    this.SUBRULE2(this.expr, {LABEL: "otherwise"});
  });

  readonly onceExpr: Rule = this.RULE("onceExpr", () => {
    this.CONSUME(t.word.once);
    this.SUBRULE(this.postfix);
  });
}

let shared: QuiesceParser | undefined;

/** The one parser, built on first use (it costs some 100 ms). Setting `input` resets it; it holds no other state. */
export function quiesceParser(): QuiesceParser {
  shared ??= new QuiesceParser();
  return shared;
}
