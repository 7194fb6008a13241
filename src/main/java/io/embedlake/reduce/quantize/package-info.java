/** Short vectors as fewer bytes: quantizers that are calibrated on a sample. Pure arithmetic. */
package io.embedlake.reduce.quantize;
