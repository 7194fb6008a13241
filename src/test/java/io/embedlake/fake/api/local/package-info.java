/** The servers that people run themselves. */
package io.embedlake.fake.api.local;
