using System.Text;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>Methods of bytes, and the encodings that a text can take: UTF-8, ASCII and Latin-1.</summary>
internal static class BytesMethods
{
    private static readonly MethodTable Methods = new(
        new("decode(self, encoding?, errors?)", static (_, a) => new StringValue(Decode(((BytesValue)a[0]).Bytes, a))),
        new("hex(self)", static (_, a) => new StringValue(Convert.ToHexStringLower(((BytesValue)a[0]).Bytes))));

    public static TemplateValue? Find(BytesValue owner, string name) => Methods.Find(owner, name);

    /// <summary><c>str.encode</c>.</summary>
    public static BytesValue Encode(string text, BoundArguments arguments)
    {
        try
        {
            return new BytesValue(Encoding(arguments).GetBytes(text));
        }
        catch (EncoderFallbackException)
        {
            throw Errors.Value("the text has characters that the encoding lacks");
        }
    }

    private static string Decode(byte[] bytes, BoundArguments arguments)
    {
        try
        {
            return Encoding(arguments).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Errors.Value("the bytes are not valid in the encoding");
        }
    }

    private static Encoding Encoding(BoundArguments arguments)
    {
        string errors = arguments.Optional(2) is null ? "strict" : arguments.Text(2);
        EncoderFallback onEncode = errors switch
        {
            "strict" => EncoderFallback.ExceptionFallback,
            "ignore" => new EncoderReplacementFallback(""),
            "replace" => new EncoderReplacementFallback("?"),
            _ => throw Errors.Lookup($"unknown error handler name '{errors}'"),
        };
        DecoderFallback onDecode = errors switch
        {
            "ignore" => new DecoderReplacementFallback(""),
            "replace" => new DecoderReplacementFallback("\uFFFD"),
            _ => DecoderFallback.ExceptionFallback,
        };
        string name = arguments.Optional(1) is null ? "utf-8" : arguments.Text(1);
        string canonical = name.ToLowerInvariant().Replace('_', '-') switch
        {
            "utf-8" or "utf8" => "utf-8",
            "ascii" or "us-ascii" => "us-ascii",
            "latin-1" or "latin1" or "iso-8859-1" => "iso-8859-1",
            _ => throw Errors.Lookup($"unknown encoding: {name}"),
        };
        return System.Text.Encoding.GetEncoding(canonical, onEncode, onDecode);
    }
}
