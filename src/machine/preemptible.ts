import type {PreemptModel} from "../plan/system.ts";

/**
 * Whether kernel code counts its preempt-disabled sections (CONFIG_PREEMPT_COUNT, and with it CONFIG_PREEMPT_RCU), so that an interrupt of
 * it outside any section is a quiescent state. True of PREEMPT_DYNAMIC whatever it is switched to at boot; not of kernels that were
 * built without preemption (kernel/rcu/Kconfig, kernel/Kconfig.preempt).
 */
export function isPreemptible(model: PreemptModel): boolean {
  return model === "dynamic" || model === "full" || model === "rt";
}
