//! Crypto wallets: Bitcoin in Base58Check (a double SHA-256 checksum) and Bech32 (BIP 173, BIP 350), Ethereum (EIP-55).

use super::view::View;
use crate::text::fold_table::{Image, image};

/// The end of a wallet's address that starts at `start` and fills the letters and digits up to `end`.
pub(super) fn wallet(view: &View<'_>, start: usize, end: usize) -> bool {
    let length = end.saturating_sub(start);
    match view.slice(start..end) {
        [b'0', b'x', hex @ ..] => hex.len() == 40 && hex.iter().all(u8::is_ascii_hexdigit),
        [b'b', b'c', b'1', ..] => (14..=90).contains(&length) && bech32(view.slice(start..end)),
        [b'1' | b'3' | b'm' | b'n' | b'2', ..] => {
            (26..=35).contains(&length) && base58check(plain(view.sent(start..end)))
        }
        _ => false,
    }
}

fn bech32(address: &[u8]) -> bool {
    const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let expanded = [3_u32, 3, 0, 2, 3];
    let Some(data) = address.strip_prefix(b"bc1") else { return false };
    let mut check = expanded.iter().fold(1, |check, value| polymod(check, *value));
    for byte in data {
        let Some(value) =
            ALPHABET.iter().zip(0..).find(|(letter, _)| *letter == byte).map(|(_, value)| value)
        else {
            return false;
        };
        check = polymod(check, value);
    }
    matches!(check, 1 | 0x2BC8_30A3)
}

fn polymod(check: u32, value: u32) -> u32 {
    const GENERATORS: [u32; 5] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3];
    let top = check >> 25;
    let shifted = ((check & 0x01FF_FFFF) << 5) ^ value;
    GENERATORS
        .iter()
        .zip(0_u32..)
        .fold(shifted, |sum, (generator, i)| if top.wrapping_shr(i) & 1 == 1 { sum ^ generator } else { sum })
}

/// Version, twenty bytes of hash, four of checksum.
const ADDRESS_BYTES: usize = 25;

/// The letters and digits of an address as they count, capitals kept: full-width ones are plain, invisible ones left out.
fn plain(sent: &str) -> impl Iterator<Item = u8> {
    sent.chars().filter_map(|c| match image(c) {
        Image::Dropped | Image::Mark => None,
        Image::One(plain) => Some(u8::try_from(plain).unwrap_or(0)),
        Image::Kept | Image::Several(_) => Some(u8::try_from(c).unwrap_or(0)),
    })
}

fn base58check(address: impl Iterator<Item = u8>) -> bool {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut bytes = [0_u8; ADDRESS_BYTES];
    for letter in address {
        let Some(value) = ALPHABET.iter().zip(0_u32..).find(|(l, _)| **l == letter).map(|(_, value)| value)
        else {
            return false;
        };
        let mut carry = value;
        for slot in bytes.iter_mut().rev() {
            carry = carry.wrapping_add(u32::from(*slot).wrapping_mul(58));
            *slot = low_byte(carry);
            carry >>= 8;
        }
        if carry != 0 {
            return false;
        }
    }
    let (body, check) = bytes.split_at(21);
    matches!(body.first(), Some(0 | 5 | 111 | 196)) && sha256(&sha256(body)).starts_with(check)
}

fn low_byte(n: u32) -> u8 {
    n.to_le_bytes().first().copied().unwrap_or(0)
}

/// SHA-256 (FIPS 180-4) of at most 55 bytes: only to verify checksums, never to hide anything.
fn sha256(message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; 64];
    for (slot, byte) in block.iter_mut().zip(message.iter().chain(&[0x80])) {
        *slot = *byte;
    }
    let bits = u16::try_from(message.len().saturating_mul(8)).unwrap_or(0).to_be_bytes();
    for (slot, byte) in block.iter_mut().skip(62).zip(bits) {
        *slot = byte;
    }
    let mut state = INITIAL;
    compress(&mut state, &block);
    let mut digest = [0_u8; 32];
    for (slot, byte) in digest.iter_mut().zip(state.iter().flat_map(|word| word.to_be_bytes())) {
        *slot = byte;
    }
    digest
}

const INITIAL: [u32; 8] =
    [0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19];

const ROUNDS: [u32; 64] = [
    0x428A_2F98,
    0x7137_4491,
    0xB5C0_FBCF,
    0xE9B5_DBA5,
    0x3956_C25B,
    0x59F1_11F1,
    0x923F_82A4,
    0xAB1C_5ED5,
    0xD807_AA98,
    0x1283_5B01,
    0x2431_85BE,
    0x550C_7DC3,
    0x72BE_5D74,
    0x80DE_B1FE,
    0x9BDC_06A7,
    0xC19B_F174,
    0xE49B_69C1,
    0xEFBE_4786,
    0x0FC1_9DC6,
    0x240C_A1CC,
    0x2DE9_2C6F,
    0x4A74_84AA,
    0x5CB0_A9DC,
    0x76F9_88DA,
    0x983E_5152,
    0xA831_C66D,
    0xB003_27C8,
    0xBF59_7FC7,
    0xC6E0_0BF3,
    0xD5A7_9147,
    0x06CA_6351,
    0x1429_2967,
    0x27B7_0A85,
    0x2E1B_2138,
    0x4D2C_6DFC,
    0x5338_0D13,
    0x650A_7354,
    0x766A_0ABB,
    0x81C2_C92E,
    0x9272_2C85,
    0xA2BF_E8A1,
    0xA81A_664B,
    0xC24B_8B70,
    0xC76C_51A3,
    0xD192_E819,
    0xD699_0624,
    0xF40E_3585,
    0x106A_A070,
    0x19A4_C116,
    0x1E37_6C08,
    0x2748_774C,
    0x34B0_BCB5,
    0x391C_0CB3,
    0x4ED8_AA4A,
    0x5B9C_CA4F,
    0x682E_6FF3,
    0x748F_82EE,
    0x78A5_636F,
    0x84C8_7814,
    0x8CC7_0208,
    0x90BE_FFFA,
    0xA450_6CEB,
    0xBEF9_A3F7,
    0xC671_78F2,
];

fn compress(state: &mut [u32; 8], block: &[u8; 64]) {
    let mut window = [0_u32; 16];
    for (slot, chunk) in window.iter_mut().zip(block.as_chunks::<4>().0) {
        *slot = u32::from_be_bytes(*chunk);
    }
    let mut work = *state;
    for constant in ROUNDS {
        let [w0, w1, .., w14, _] = window;
        let w9 = window.get(9).copied().unwrap_or(0);
        let [a, b, c, d, e, f, g, h] = work;
        let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = (e & f) ^ (!e & g);
        let t1 = h.wrapping_add(s1).wrapping_add(choice).wrapping_add(constant).wrapping_add(w0);
        let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let majority = (a & b) ^ (a & c) ^ (b & c);
        work = [t1.wrapping_add(s0).wrapping_add(majority), a, b, c, d.wrapping_add(t1), e, f, g];
        let g0 = w1.rotate_right(7) ^ w1.rotate_right(18) ^ (w1 >> 3);
        let g1 = w14.rotate_right(17) ^ w14.rotate_right(19) ^ (w14 >> 10);
        window.rotate_left(1);
        window[15] = w0.wrapping_add(g0).wrapping_add(w9).wrapping_add(g1);
    }
    for (slot, value) in state.iter_mut().zip(work) {
        *slot = slot.wrapping_add(value);
    }
}
