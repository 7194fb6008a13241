/** Opens Spark sessions; the packages below are where Spark meets the engine. */
package io.embedlake.spark;
