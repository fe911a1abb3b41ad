using UglyToad.PdfPig;
using UglyToad.PdfPig.AcroForms;
using UglyToad.PdfPig.AcroForms.Fields;

namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>The values that were filled into a form (ISO 32000-2, 12.7); they are drawn by annotations, not by the page.</summary>
internal static class PdfForm
{
    private const int MostFields = 10_000;

    /// <summary>Lines of <c>name: value</c> by page; fields without a page are the first one's.</summary>
    public static ILookup<int, string> ValuesOf(PdfDocument pdf, ReadingBudget budget)
    {
        List<(int Page, string Line)> values = [];
        if (pdf.TryGetForm(out AcroForm? form) && form is not null)
            foreach (AcroFieldBase field in form.Fields.Take(MostFields))
                Add(field, values, budget);
        return values.ToLookup(value => value.Page, value => value.Line);
    }

    private static void Add(AcroFieldBase field, List<(int Page, string Line)> values, ReadingBudget budget)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        budget.Check();
        string? value = field switch
        {
            AcroTextField text => text.Value,
            AcroComboBoxField combo => string.Join(", ", combo.SelectedOptions),
            AcroListBoxField list => string.Join(", ", list.SelectedOptions),
            AcroCheckboxField check => check.IsChecked ? "yes" : "no",
            AcroRadioButtonField radio => radio.IsSelected ? radio.CurrentValue?.Data : null,
            _ => null,
        };
        string name = field.Information.AlternateName ?? field.Information.PartialName ?? "";
        if (!string.IsNullOrWhiteSpace(value))
            values.Add((Math.Max(1, field.PageNumber ?? 1), name.Length > 0 ? $"{name}: {value}" : value));
        if (field is AcroNonTerminalField { Children: { } children })
            foreach (AcroFieldBase child in children)
                Add(child, values, budget);
    }
}
