// Made from the rules of grammar/parser.ts by `npm run grammar`; do not edit.
import type { CstNode, ICstVisitor, IToken } from "chevrotain";

export interface ProgramCstNode extends CstNode {
  name: "program";
  children: ProgramCstChildren;
}

export type ProgramCstChildren = {
  item?: ItemCstNode[];
};

export interface ItemCstNode extends CstNode {
  name: "item";
  children: ItemCstChildren;
}

export type ItemCstChildren = {
  importDecl?: ImportDeclCstNode[];
  letDecl?: LetDeclCstNode[];
  paramDecl?: ParamDeclCstNode[];
  entityDecl?: EntityDeclCstNode[];
  scenarioDecl?: ScenarioDeclCstNode[];
  policyDecl?: PolicyDeclCstNode[];
  experimentDecl?: ExperimentDeclCstNode[];
  checkCmd?: CheckCmdCstNode[];
  runCmd?: RunCmdCstNode[];
  plotCmd?: PlotCmdCstNode[];
  tableCmd?: TableCmdCstNode[];
  exportCmd?: ExportCmdCstNode[];
  showCmd?: ShowCmdCstNode[];
  replayCmd?: ReplayCmdCstNode[];
  SEPARATOR?: IToken[];
};

export interface ImportDeclCstNode extends CstNode {
  name: "importDecl";
  children: ImportDeclCstChildren;
}

export type ImportDeclCstChildren = {
  Import: IToken[];
  STRINGLIT: IToken[];
  As?: IToken[];
  IDENTIFIER?: IToken[];
};

export interface LetDeclCstNode extends CstNode {
  name: "letDecl";
  children: LetDeclCstChildren;
}

export type LetDeclCstChildren = {
  Let: IToken[];
  IDENTIFIER: IToken[];
  Colon?: IToken[];
  type?: TypeCstNode[];
  Equal: IToken[];
  expr: ExprCstNode[];
};

export interface ParamDeclCstNode extends CstNode {
  name: "paramDecl";
  children: ParamDeclCstChildren;
}

export type ParamDeclCstChildren = {
  Param: IToken[];
  IDENTIFIER: IToken[];
  Colon?: IToken[];
  type?: TypeCstNode[];
  In?: IToken[];
  rangeExpr?: RangeExprCstNode[];
  Equal?: IToken[];
  expr?: ExprCstNode[];
};

export interface TypeCstNode extends CstNode {
  name: "type";
  children: TypeCstChildren;
}

export type TypeCstChildren = {
  NAME: IToken[];
  Less?: IToken[];
  type?: TypeCstNode[];
  Greater?: IToken[];
};

export interface EntityDeclCstNode extends CstNode {
  name: "entityDecl";
  children: EntityDeclCstChildren;
}

export type EntityDeclCstChildren = {
  ENTITYKIND: IToken[];
  IDENTIFIER: IToken[];
  fromClause?: FromClauseCstNode[];
  fieldBlock: FieldBlockCstNode[];
};

export interface FromClauseCstNode extends CstNode {
  name: "fromClause";
  children: FromClauseCstChildren;
}

export type FromClauseCstChildren = {
  From: IToken[];
  path: PathCstNode[];
};

export interface ScenarioDeclCstNode extends CstNode {
  name: "scenarioDecl";
  children: ScenarioDeclCstChildren;
}

export type ScenarioDeclCstChildren = {
  Scenario: IToken[];
  IDENTIFIER: IToken[];
  fromClause?: FromClauseCstNode[];
  LCurly: IToken[];
  scenarioMember?: ScenarioMemberCstNode[];
  RCurly: IToken[];
};

export interface ScenarioMemberCstNode extends CstNode {
  name: "scenarioMember";
  children: ScenarioMemberCstChildren;
}

export type ScenarioMemberCstChildren = {
  field?: FieldCstNode[];
  letDecl?: LetDeclCstNode[];
  paramDecl?: ParamDeclCstNode[];
  entityDecl?: EntityDeclCstNode[];
  SEPARATOR?: IToken[];
};

export interface FieldBlockCstNode extends CstNode {
  name: "fieldBlock";
  children: FieldBlockCstChildren;
}

export type FieldBlockCstChildren = {
  LCurly: IToken[];
  field?: FieldCstNode[];
  SEPARATOR?: IToken[];
  RCurly: IToken[];
};

export interface FieldCstNode extends CstNode {
  name: "field";
  children: FieldCstChildren;
}

export type FieldCstChildren = {
  path: PathCstNode[];
  Colon: IToken[];
  expr: ExprCstNode[];
};

export interface PathCstNode extends CstNode {
  name: "path";
  children: PathCstChildren;
}

export type PathCstChildren = {
  NAME: (IToken)[];
  Dot?: IToken[];
};

export interface PolicyDeclCstNode extends CstNode {
  name: "policyDecl";
  children: PolicyDeclCstChildren;
}

export type PolicyDeclCstChildren = {
  Policy: IToken[];
  IDENTIFIER: IToken[];
  fromClause?: FromClauseCstNode[];
  LCurly: IToken[];
  policyMember?: PolicyMemberCstNode[];
  RCurly: IToken[];
};

export interface PolicyMemberCstNode extends CstNode {
  name: "policyMember";
  children: PolicyMemberCstChildren;
}

export type PolicyMemberCstChildren = {
  field?: FieldCstNode[];
  letDecl?: LetDeclCstNode[];
  paramDecl?: ParamDeclCstNode[];
  stateDecl?: StateDeclCstNode[];
  hook?: HookCstNode[];
  SEPARATOR?: IToken[];
};

export interface StateDeclCstNode extends CstNode {
  name: "stateDecl";
  children: StateDeclCstChildren;
}

export type StateDeclCstChildren = {
  State: IToken[];
  Percpu?: IToken[];
  Permm?: IToken[];
  Global?: IToken[];
  IDENTIFIER: IToken[];
  Colon?: IToken[];
  type?: TypeCstNode[];
  Equal: IToken[];
  expr: ExprCstNode[];
};

export interface HookCstNode extends CstNode {
  name: "hook";
  children: HookCstChildren;
}

export type HookCstChildren = {
  On: IToken[];
  IDENTIFIER: IToken[];
  steps: StepsCstNode[];
};

export interface StepsCstNode extends CstNode {
  name: "steps";
  children: StepsCstChildren;
}

export type StepsCstChildren = {
  LCurly: IToken[];
  step?: StepCstNode[];
  SEPARATOR?: IToken[];
  RCurly: IToken[];
};

export interface StepCstNode extends CstNode {
  name: "step";
  children: StepCstChildren;
}

export type StepCstChildren = {
  storeStep?: StoreStepCstNode[];
  BARESTEP?: IToken[];
  ipiStep?: IpiStepCstNode[];
  waitStep?: WaitStepCstNode[];
  deferStep?: DeferStepCstNode[];
  flushStep?: FlushStepCstNode[];
  delayStep?: DelayStepCstNode[];
  skipStep?: SkipStepCstNode[];
  countStep?: CountStepCstNode[];
  lockStep?: LockStepCstNode[];
  ifStep?: IfStepCstNode[];
  forStep?: ForStepCstNode[];
  letDecl?: LetDeclCstNode[];
};

export interface StoreStepCstNode extends CstNode {
  name: "storeStep";
  children: StoreStepCstChildren;
}

export type StoreStepCstChildren = {
  STORESTEP: IToken[];
  place: PlaceCstNode[];
  Equal: IToken[];
  expr: ExprCstNode[];
};

export interface PlaceCstNode extends CstNode {
  name: "place";
  children: PlaceCstChildren;
}

export type PlaceCstChildren = {
  path: PathCstNode[];
  LSquare?: IToken[];
  expr?: ExprCstNode[];
  RSquare?: IToken[];
};

export interface IpiStepCstNode extends CstNode {
  name: "ipiStep";
  children: IpiStepCstChildren;
}

export type IpiStepCstChildren = {
  Ipi: IToken[];
  expr: ExprCstNode[];
  Nowait?: IToken[];
};

export interface WaitStepCstNode extends CstNode {
  name: "waitStep";
  children: WaitStepCstChildren;
}

export type WaitStepCstChildren = {
  Wait: IToken[];
  Acks?: IToken[];
  Gp?: IToken[];
  Expedited?: IToken[];
  Until?: IToken[];
  expr?: ExprCstNode[];
  Spin?: IToken[];
  Sleep?: IToken[];
};

export interface DeferStepCstNode extends CstNode {
  name: "deferStep";
  children: DeferStepCstChildren;
}

export type DeferStepCstChildren = {
  Defer: IToken[];
  Expedited?: IToken[];
  steps: StepsCstNode[];
};

export interface FlushStepCstNode extends CstNode {
  name: "flushStep";
  children: FlushStepCstChildren;
}

export type FlushStepCstChildren = {
  Flush: IToken[];
  expr: ExprCstNode[];
};

export interface DelayStepCstNode extends CstNode {
  name: "delayStep";
  children: DelayStepCstChildren;
}

export type DelayStepCstChildren = {
  Delay: IToken[];
  expr: ExprCstNode[];
};

export interface SkipStepCstNode extends CstNode {
  name: "skipStep";
  children: SkipStepCstChildren;
}

export type SkipStepCstChildren = {
  Skip: IToken[];
  When?: IToken[];
  expr?: ExprCstNode[];
};

export interface CountStepCstNode extends CstNode {
  name: "countStep";
  children: CountStepCstChildren;
}

export type CountStepCstChildren = {
  Count: IToken[];
  IDENTIFIER: IToken[];
};

export interface LockStepCstNode extends CstNode {
  name: "lockStep";
  children: LockStepCstChildren;
}

export type LockStepCstChildren = {
  Lock?: IToken[];
  Unlock?: IToken[];
  IDENTIFIER: IToken[];
};

export interface IfStepCstNode extends CstNode {
  name: "ifStep";
  children: IfStepCstChildren;
}

export type IfStepCstChildren = {
  If: IToken[];
  expr: ExprCstNode[];
  then: StepsCstNode[];
  Else?: IToken[];
  otherwise?: StepsCstNode[];
  ifStep?: IfStepCstNode[];
};

export interface ForStepCstNode extends CstNode {
  name: "forStep";
  children: ForStepCstChildren;
}

export type ForStepCstChildren = {
  For: IToken[];
  IDENTIFIER: IToken[];
  In: IToken[];
  of: ExprCstNode[];
  Where?: IToken[];
  where?: ExprCstNode[];
  steps: StepsCstNode[];
};

export interface ExperimentDeclCstNode extends CstNode {
  name: "experimentDecl";
  children: ExperimentDeclCstChildren;
}

export type ExperimentDeclCstChildren = {
  Experiment: IToken[];
  IDENTIFIER: IToken[];
  fromClause?: FromClauseCstNode[];
  LCurly: IToken[];
  experimentMember?: ExperimentMemberCstNode[];
  RCurly: IToken[];
};

export interface ExperimentMemberCstNode extends CstNode {
  name: "experimentMember";
  children: ExperimentMemberCstChildren;
}

export type ExperimentMemberCstChildren = {
  field?: FieldCstNode[];
  letDecl?: LetDeclCstNode[];
  paramDecl?: ParamDeclCstNode[];
  entityDecl?: EntityDeclCstNode[];
  withBlock?: WithBlockCstNode[];
  sweepBlock?: SweepBlockCstNode[];
  measureBlock?: MeasureBlockCstNode[];
  expectStmt?: ExpectStmtCstNode[];
  untilStmt?: UntilStmtCstNode[];
  compareStmt?: CompareStmtCstNode[];
  plotCmd?: PlotCmdCstNode[];
  tableCmd?: TableCmdCstNode[];
  exportCmd?: ExportCmdCstNode[];
  SEPARATOR?: IToken[];
};

export interface WithBlockCstNode extends CstNode {
  name: "withBlock";
  children: WithBlockCstChildren;
}

export type WithBlockCstChildren = {
  With: IToken[];
  fieldBlock: FieldBlockCstNode[];
};

export interface MeasureBlockCstNode extends CstNode {
  name: "measureBlock";
  children: MeasureBlockCstChildren;
}

export type MeasureBlockCstChildren = {
  Measure: IToken[];
  fieldBlock: FieldBlockCstNode[];
};

export interface SweepBlockCstNode extends CstNode {
  name: "sweepBlock";
  children: SweepBlockCstChildren;
}

export type SweepBlockCstChildren = {
  Sweep: IToken[];
  sweepMode?: SweepModeCstNode[];
  LCurly: IToken[];
  sweepMember?: SweepMemberCstNode[];
  RCurly: IToken[];
};

export interface SweepModeCstNode extends CstNode {
  name: "sweepMode";
  children: SweepModeCstChildren;
}

export type SweepModeCstChildren = {
  Grid?: IToken[];
  Zip?: IToken[];
  Each?: IToken[];
  Pairwise?: IToken[];
  Random?: IToken[];
  IntLit?: (IToken)[];
  Lhs?: IToken[];
};

export interface SweepMemberCstNode extends CstNode {
  name: "sweepMember";
  children: SweepMemberCstChildren;
}

export type SweepMemberCstChildren = {
  field?: FieldCstNode[];
  whereClause?: WhereClauseCstNode[];
  sweepBlock?: SweepBlockCstNode[];
  SEPARATOR?: IToken[];
};

export interface WhereClauseCstNode extends CstNode {
  name: "whereClause";
  children: WhereClauseCstChildren;
}

export type WhereClauseCstChildren = {
  Where: IToken[];
  expr: ExprCstNode[];
};

export interface ExpectStmtCstNode extends CstNode {
  name: "expectStmt";
  children: ExpectStmtCstChildren;
}

export type ExpectStmtCstChildren = {
  Expect: IToken[];
  test: ExprCstNode[];
  For?: IToken[];
  for?: ExprCstNode[];
  Otherwise?: IToken[];
  atClause?: AtClauseCstNode[];
};

export interface UntilStmtCstNode extends CstNode {
  name: "untilStmt";
  children: UntilStmtCstChildren;
}

export type UntilStmtCstChildren = {
  Until: IToken[];
  expr: ExprCstNode[];
  atClause?: AtClauseCstNode[];
};

export interface AtClauseCstNode extends CstNode {
  name: "atClause";
  children: AtClauseCstChildren;
}

export type AtClauseCstChildren = {
  At: IToken[];
  expr: ExprCstNode[];
};

export interface CompareStmtCstNode extends CstNode {
  name: "compareStmt";
  children: CompareStmtCstChildren;
}

export type CompareStmtCstChildren = {
  Compare: IToken[];
  path: PathCstNode[];
  Against: IToken[];
  expr: ExprCstNode[];
};

export interface RunCmdCstNode extends CstNode {
  name: "runCmd";
  children: RunCmdCstChildren;
}

export type RunCmdCstChildren = {
  Run: IToken[];
  path: (PathCstNode)[];
  Comma?: IToken[];
  withBlock?: WithBlockCstNode[];
};

export interface PlotCmdCstNode extends CstNode {
  name: "plotCmd";
  children: PlotCmdCstChildren;
}

export type PlotCmdCstChildren = {
  Plot: IToken[];
  exprList: ExprListCstNode[];
  Vs?: IToken[];
  expr?: ExprCstNode[];
  byClause?: ByClauseCstNode[];
  Facet?: IToken[];
  path?: PathCstNode[];
  As?: IToken[];
  IDENTIFIER?: IToken[];
  ofClause?: OfClauseCstNode[];
  fieldBlock?: FieldBlockCstNode[];
};

export interface TableCmdCstNode extends CstNode {
  name: "tableCmd";
  children: TableCmdCstChildren;
}

export type TableCmdCstChildren = {
  Table: IToken[];
  exprList: ExprListCstNode[];
  byClause?: ByClauseCstNode[];
  whereClause?: WhereClauseCstNode[];
  ofClause?: OfClauseCstNode[];
  fieldBlock?: FieldBlockCstNode[];
};

export interface ExprListCstNode extends CstNode {
  name: "exprList";
  children: ExprListCstChildren;
}

export type ExprListCstChildren = {
  expr: (ExprCstNode)[];
  Comma?: IToken[];
};

export interface ByClauseCstNode extends CstNode {
  name: "byClause";
  children: ByClauseCstChildren;
}

export type ByClauseCstChildren = {
  By: IToken[];
  path: (PathCstNode)[];
  Comma?: IToken[];
};

export interface OfClauseCstNode extends CstNode {
  name: "ofClause";
  children: OfClauseCstChildren;
}

export type OfClauseCstChildren = {
  Of: IToken[];
  path: PathCstNode[];
};

export interface ExportCmdCstNode extends CstNode {
  name: "exportCmd";
  children: ExportCmdCstChildren;
}

export type ExportCmdCstChildren = {
  Export: IToken[];
  STRINGLIT: IToken[];
  ofClause?: OfClauseCstNode[];
};

export interface ShowCmdCstNode extends CstNode {
  name: "showCmd";
  children: ShowCmdCstChildren;
}

export type ShowCmdCstChildren = {
  Show: IToken[];
  expr: ExprCstNode[];
};

export interface ReplayCmdCstNode extends CstNode {
  name: "replayCmd";
  children: ReplayCmdCstChildren;
}

export type ReplayCmdCstChildren = {
  Replay: IToken[];
  STRINGLIT: IToken[];
  ofClause: OfClauseCstNode[];
  fieldBlock?: FieldBlockCstNode[];
};

export interface CheckCmdCstNode extends CstNode {
  name: "checkCmd";
  children: CheckCmdCstChildren;
}

export type CheckCmdCstChildren = {
  Check: IToken[];
  IDENTIFIER: IToken[];
  Of: IToken[];
  path: PathCstNode[];
  For?: IToken[];
  scope?: (ScopeCstNode)[];
  Comma?: IToken[];
  Under?: IToken[];
  under?: IToken[];
  checkBlock?: CheckBlockCstNode[];
};

export interface ScopeCstNode extends CstNode {
  name: "scope";
  children: ScopeCstChildren;
}

export type ScopeCstChildren = {
  Exactly?: IToken[];
  IntLit: IToken[];
  NAME: IToken[];
};

export interface CheckBlockCstNode extends CstNode {
  name: "checkBlock";
  children: CheckBlockCstChildren;
}

export type CheckBlockCstChildren = {
  LCurly: IToken[];
  checkMember?: CheckMemberCstNode[];
  RCurly: IToken[];
};

export interface CheckMemberCstNode extends CstNode {
  name: "checkMember";
  children: CheckMemberCstChildren;
}

export type CheckMemberCstChildren = {
  field?: FieldCstNode[];
  withBlock?: WithBlockCstNode[];
  expectStmt?: ExpectStmtCstNode[];
  SEPARATOR?: IToken[];
};

export interface ExprCstNode extends CstNode {
  name: "expr";
  children: ExprCstChildren;
}

export type ExprCstChildren = {
  andExpr: (AndExprCstNode)[];
  Or?: IToken[];
};

export interface AndExprCstNode extends CstNode {
  name: "andExpr";
  children: AndExprCstChildren;
}

export type AndExprCstChildren = {
  notExpr: (NotExprCstNode)[];
  And?: IToken[];
};

export interface NotExprCstNode extends CstNode {
  name: "notExpr";
  children: NotExprCstChildren;
}

export type NotExprCstChildren = {
  Not?: IToken[];
  cmpExpr: CmpExprCstNode[];
};

export interface CmpExprCstNode extends CstNode {
  name: "cmpExpr";
  children: CmpExprCstChildren;
}

export type CmpExprCstChildren = {
  left: RangeExprCstNode[];
  COMPAREOP?: IToken[];
  right?: (RangeExprCstNode)[];
  Not?: IToken[];
  In?: IToken[];
  Within?: IToken[];
  tolerance?: RangeExprCstNode[];
  Of?: IToken[];
  of?: RangeExprCstNode[];
};

export interface RangeExprCstNode extends CstNode {
  name: "rangeExpr";
  children: RangeExprCstChildren;
}

export type RangeExprCstChildren = {
  lo: AddExprCstNode[];
  DotDot?: IToken[];
  hi?: AddExprCstNode[];
  spacing?: SpacingCstNode[];
};

export interface SpacingCstNode extends CstNode {
  name: "spacing";
  children: SpacingCstChildren;
}

export type SpacingCstChildren = {
  Step?: IToken[];
  addExpr?: AddExprCstNode[];
  Log?: IToken[];
  Lin?: IToken[];
  IntLit?: IToken[];
};

export interface AddExprCstNode extends CstNode {
  name: "addExpr";
  children: AddExprCstChildren;
}

export type AddExprCstChildren = {
  mulExpr: (MulExprCstNode)[];
  ADDOP?: IToken[];
};

export interface MulExprCstNode extends CstNode {
  name: "mulExpr";
  children: MulExprCstChildren;
}

export type MulExprCstChildren = {
  unary: (UnaryCstNode)[];
  MULOP?: IToken[];
};

export interface UnaryCstNode extends CstNode {
  name: "unary";
  children: UnaryCstChildren;
}

export type UnaryCstChildren = {
  Minus?: IToken[];
  postfix: PostfixCstNode[];
};

export interface PostfixCstNode extends CstNode {
  name: "postfix";
  children: PostfixCstChildren;
}

export type PostfixCstChildren = {
  primary: PrimaryCstNode[];
  suffix?: SuffixCstNode[];
};

export interface SuffixCstNode extends CstNode {
  name: "suffix";
  children: SuffixCstChildren;
}

export type SuffixCstChildren = {
  Dot?: IToken[];
  NAME?: IToken[];
  LParen?: IToken[];
  args?: (ArgsCstNode)[];
  RParen?: IToken[];
  LSquare?: IToken[];
  RSquare?: IToken[];
};

export interface ArgsCstNode extends CstNode {
  name: "args";
  children: ArgsCstChildren;
}

export type ArgsCstChildren = {
  arg: (ArgCstNode)[];
  Comma?: (IToken)[];
};

export interface ArgCstNode extends CstNode {
  name: "arg";
  children: ArgCstChildren;
}

export type ArgCstChildren = {
  NAME?: IToken[];
  Colon?: IToken[];
  expr?: (ExprCstNode)[];
};

export interface PrimaryCstNode extends CstNode {
  name: "primary";
  children: PrimaryCstChildren;
}

export type PrimaryCstChildren = {
  NUMBERLIT?: IToken[];
  STRINGLIT?: IToken[];
  True?: IToken[];
  False?: IToken[];
  group?: GroupCstNode[];
  list?: ListCstNode[];
  ifExpr?: IfExprCstNode[];
  onceExpr?: OnceExprCstNode[];
  IDENTIFIER?: IToken[];
  ENTITYKIND?: IToken[];
  Policy?: IToken[];
};

export interface GroupCstNode extends CstNode {
  name: "group";
  children: GroupCstChildren;
}

export type GroupCstChildren = {
  LParen: IToken[];
  expr: ExprCstNode[];
  RParen: IToken[];
};

export interface ListCstNode extends CstNode {
  name: "list";
  children: ListCstChildren;
}

export type ListCstChildren = {
  LSquare: IToken[];
  expr?: (ExprCstNode)[];
  Comma?: (IToken)[];
  RSquare: IToken[];
};

export interface IfExprCstNode extends CstNode {
  name: "ifExpr";
  children: IfExprCstChildren;
}

export type IfExprCstChildren = {
  If: IToken[];
  test: ExprCstNode[];
  Then: IToken[];
  then: ExprCstNode[];
  Else: IToken[];
  otherwise: ExprCstNode[];
};

export interface OnceExprCstNode extends CstNode {
  name: "onceExpr";
  children: OnceExprCstChildren;
}

export type OnceExprCstChildren = {
  Once: IToken[];
  postfix: PostfixCstNode[];
};

