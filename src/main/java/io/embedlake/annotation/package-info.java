/** What is said of types by annotations. */
package io.embedlake.annotation;
