using System.Globalization;
using System.Numerics;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

namespace Impetus.Engine.Tokenization.ChatTemplates.Python;

/// <summary>Python's <c>str(int)</c>, <c>int(str, base)</c> and floor division.</summary>
internal static class PythonInteger
{
    /// <summary>Python refuses to convert longer integers from or to decimal text.</summary>
    public const int MaxDigits = 4300;

    /// <summary>Digits in bases that are powers of two are bounded by us alone.</summary>
    private const int MaxBinaryDigits = 1 << 15;

    /// <summary>Below it every integer is a float.</summary>
    private static readonly BigInteger ExactLimit = BigInteger.One << 53;

    /// <summary>Decimal digits; an integer of more than 4300 of them is an error, as in Python.</summary>
    public static string Repr(BigInteger value)
    {
        if (value.GetBitLength() < 14_000)
            return value.ToString(CultureInfo.InvariantCulture);

        string digits = value.ToString(CultureInfo.InvariantCulture);
        return digits.Length - (value.Sign < 0 ? 1 : 0) <= MaxDigits ? digits : throw TooLong();
    }

    /// <summary>Reads an integer as <c>int(text, radix)</c> does; radix 0 goes by the prefix.</summary>
    public static bool TryParse(string text, int radix, out BigInteger value)
    {
        value = default;
        string trimmed = DecimalDigits.ToAscii(PythonText.Strip(text, true, true));
        int start = trimmed.Length > 0 && trimmed[0] is '+' or '-' ? 1 : 0;
        string digits = WithoutPrefix(trimmed[start..], ref radix, out bool hadPrefix);
        if (hadPrefix && digits.StartsWith('_'))
            digits = digits[1..];
        if (!PythonFloat.TryRemoveUnderscores(digits, out digits) || digits.Length == 0)
            return false;
        if (radix == 0)
        {
            if (digits[0] == '0' && digits.Trim('0').Length > 0)
                return false;
            radix = 10;
        }

        if (digits.Length > MaxDigits && !BitOperations.IsPow2(radix))
            throw TooLong();
        if (digits.Length > MaxBinaryDigits)
            throw Errors.Limit($"The template reads an integer of more than {MaxBinaryDigits} digits.");
        if (!TryReadDigits(digits, radix, out value))
            return false;

        value = trimmed[0] == '-' ? -value : value;
        return true;
    }

    /// <summary>The quotient rounded towards negative infinity.</summary>
    public static BigInteger FloorDivide(BigInteger left, BigInteger right)
    {
        BigInteger quotient = BigInteger.DivRem(left, right, out BigInteger remainder);
        return remainder.Sign != 0 && remainder.Sign != right.Sign ? quotient - 1 : quotient;
    }

    /// <summary>The remainder that has the divisor's sign.</summary>
    public static BigInteger FloorModulo(BigInteger left, BigInteger right)
    {
        BigInteger remainder = left % right;
        return remainder.Sign != 0 && remainder.Sign != right.Sign ? remainder + right : remainder;
    }

    /// <summary>The float that is nearest to the quotient, halves to even; infinite if it is too large.</summary>
    public static double Divide(BigInteger numerator, BigInteger denominator)
    {
        BigInteger top = BigInteger.Abs(numerator), bottom = BigInteger.Abs(denominator);
        if (top < ExactLimit && bottom < ExactLimit)
            return (double)numerator / (double)denominator;

        // Enough bits that those which are cut off cannot matter but for whether there are any.
        int shift = (int)(bottom.GetBitLength() - top.GetBitLength()) + 66;
        BigInteger quotient = BigInteger.DivRem(shift > 0 ? top << shift : top, shift < 0 ? bottom << -shift : bottom, out BigInteger rest);
        if (!rest.IsZero)
            quotient |= 1;

        int excess = (int)quotient.GetBitLength() - 53;
        BigInteger kept = quotient >> excess, cut = quotient - (kept << excess), half = BigInteger.One << (excess - 1);
        if (cut > half || (cut == half && !kept.IsEven))
            kept += 1;
        double magnitude = Math.ScaleB((double)kept, excess - shift);
        return numerator.Sign * denominator.Sign < 0 ? -magnitude : magnitude;
    }

    /// <summary>The nearest float; infinite if the integer is too large.</summary>
    public static double ToFloat(BigInteger value) => Divide(value, BigInteger.One);

    /// <summary>Digits in a base that is a power of two, without sign or prefix.</summary>
    public static string InBase(BigInteger magnitude, int bitsPerDigit)
    {
        if (magnitude.IsZero)
            return "0";

        int digits = (int)((magnitude.GetBitLength() + bitsPerDigit - 1) / bitsPerDigit);
        return string.Create(digits, (magnitude, bitsPerDigit), static (span, state) =>
        {
            BigInteger rest = state.magnitude;
            int mask = (1 << state.bitsPerDigit) - 1;
            for (int i = span.Length - 1; i >= 0; i--, rest >>= state.bitsPerDigit)
                span[i] = "0123456789abcdef"[(int)(rest & mask)];
        });
    }

    private static string WithoutPrefix(string digits, ref int radix, out bool hadPrefix)
    {
        int named = digits.Length > 1 && digits[0] == '0' ? char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 0;
        hadPrefix = named != 0 && (radix == 0 || radix == named);
        if (!hadPrefix)
            return digits;

        radix = named;
        return digits[2..];
    }

    private static bool TryReadDigits(string digits, int radix, out BigInteger value)
    {
        if (radix == 10)
            return BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);

        value = default;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10 : 99;
            if (digit >= radix)
                return false;
            value = value * radix + digit;
        }

        return true;
    }

    /// <summary>The error of an integer with too many digits.</summary>
    public static TemplateException TooLong() =>
        Errors.Value($"Exceeds the limit ({MaxDigits} digits) for integer string conversion");
}
