/** Jobs that are uploaded, waited for and fetched, instead of calls that are answered. */
package io.embedlake.fake.batch;
