using System.Security.Cryptography;
using Impetus.Engine.Tokenization.ChatTemplates.Evaluation;
using Impetus.Engine.Tokenization.ChatTemplates.Python;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Builtins;

/// <summary>The function <c>lipsum</c>: paragraphs of random Latin words.</summary>
internal static class LoremIpsum
{
    private static readonly string[] Words =
        "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua".Split(' ');

    public static StringValue Generate(Evaluator evaluator, BoundArguments arguments)
    {
        int paragraphs = arguments.Integer(0, 5), least = arguments.Integer(2, 20), most = arguments.Integer(3, 100);
        bool isHtml = arguments.Flag(1, fallback: true);
        if (least >= most)
            throw Errors.Value("empty range for randrange()");

        List<string> texts = [];
        for (int i = 0; i < paragraphs; i++)
        {
            int count = Math.Max(RandomNumberGenerator.GetInt32(least, most), 0);
            evaluator.Budget.Charge(8L * (count + 1));
            IEnumerable<string> words = Enumerable.Range(0, count).Select(static _ => Words[RandomNumberGenerator.GetInt32(Words.Length)]);
            string text = UnicodeCase.Capitalize(string.Join(' ', words)) + ".";
            texts.Add(isHtml ? $"<p>{text}</p>" : text);
        }

        return new StringValue(string.Join(isHtml ? "\n" : "\n\n", texts), isHtml);
    }
}
