/** What all fake providers have in common behind their wire formats: limits, vectors, bookkeeping, and what goes wrong. */
package io.embedlake.fake.service;
