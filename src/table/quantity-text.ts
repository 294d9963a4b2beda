// Quantities as text belong to the plan, whose units they print; tables and figures reach them here.
export {estimateText, numberText, type QuantityStyle, quantityText} from "../plan/quantity-text.ts";
