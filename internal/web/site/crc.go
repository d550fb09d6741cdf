package site

import "hash/crc32"

// joinCRC is the CRC-32 of two texts one after the other, of which only the sums are known and
// the length of the second. A CRC is linear: what follows the first text multiplies its sum by
// x^(8·length), modulo the polynomial.
func joinCRC(first, second uint32, length int) uint32 {
	return multiply(power(8*uint64(length)), first) ^ second // a length is not negative
}

// one and x are polynomials over GF(2) of a degree below 32: the highest bit is x^0, as in the
// reflected sums of package crc32.
const (
	one = uint32(1) << 31
	x   = uint32(1) << 30
)

// power is x^n modulo the polynomial.
func power(n uint64) uint32 {
	p := one
	for square := x; n > 0; n >>= 1 {
		if n&1 == 1 {
			p = multiply(p, square)
		}
		square = multiply(square, square)
	}
	return p
}

// multiply is a·b modulo the polynomial.
func multiply(a, b uint32) uint32 {
	p := uint32(0)
	for bit := one; bit > 0; bit >>= 1 {
		if a&bit != 0 {
			p ^= b
		}
		carry := b & 1
		b = b>>1 ^ crc32.IEEE*carry
	}
	return p
}
