using System.Text;
using Impetus.Engine.Tokenization.ChatTemplates;
using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tests.ChatTemplates;

public sealed class DamagedTemplateTests(ITestOutputHelper output)
{
    private const int Count = 10_000;

    private static readonly string[] Scraps =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "(", ")", "[", "]", "{", "}", "'", "\"", "\\", "|", ".", ",", ":", "~", "*", "**", "%",
        " if ", " else ", " for ", " in ", " is ", " not ", "{% if x %}", "{% endif %}", "{% for x in messages %}", "{% endfor %}",
        "{% else %}", "{% set x = 1 %}", "{% set x %}", "{% endset %}", "{% macro f(x) %}", "{% endmacro %}", "{{ f(1) }}", "{% break %}",
        "{% raw %}", "{% endraw %}", "loop", "loop.index", "caller()", "namespace", "messages", "none", "99999999999999999999", "1e999",
        "|tojson", "|map(", "|length", "|int", "[::-1]", "* 10**9", "\0", "\uD800", "é", "😀", "\r\n", "\u2028",
    ];

    [Fact]
    public void Ten_thousand_damaged_templates_render_or_say_what_is_wrong()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        List<GoldenCase> originals =
        [
            .. GoldenCase.Models().SelectMany(static model => GoldenCase.OfModel(model).Take(8)),
            .. GoldenCase.Groups().Where(static group => !group.Contains("single", StringComparison.Ordinal)).SelectMany(static group => GoldenCase.OfGroup(group).Take(40)),
        ];
        TemplateLimits limits = new() { MaxSteps = 200_000, MaxOutputLength = 1 << 20 };
        int rendered = 0, refused = 0;
        for (int i = 0; i < Count; i++)
        {
            GoldenCase original = originals[random.Next(originals.Count)];
            string damaged = Damage(original.Template, random);
            try
            {
                ChatTemplate.Parse(damaged, limits).Render(original.Variables, DateTime.UnixEpoch);
                rendered++;
            }
            catch (TemplateException)
            {
                refused++;
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}, template {i}: {error}\n{damaged}");
            }
        }

        output.WriteLine($"{rendered} rendered, {refused} refused");
        Assert.True(rendered > Count / 100 && refused > Count / 100);
    }

    private static string Damage(string template, Random random)
    {
        StringBuilder text = new(template);
        for (int wounds = random.Next(1, 5); wounds > 0; wounds--)
        {
            int at = random.Next(text.Length + 1);
            int length = Math.Min(random.Next(1, 30), text.Length - at);
            switch (random.Next(5))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, Scraps[random.Next(Scraps.Length)]);
                    break;
                case 2:
                    text.Insert(random.Next(text.Length + 1), text.ToString(at, length));
                    break;
                case 3 when at < text.Length:
                    text[at] = (char)random.Next(1, 128);
                    break;
                default:
                    text.Length = at;
                    break;
            }
        }

        return text.ToString();
    }
}
