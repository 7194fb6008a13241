/** What the tests share. */
package io.embedlake.testing;
